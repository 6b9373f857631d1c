import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A way to a server on loopback that can be disturbed. */
export interface TcpProxy {
  /** The same connection string, by way of the proxy. */
  readonly url: string;
  /** Passes nothing on any more, and closes nothing: as a cable that was pulled. */
  stall(): void;
  /** Passes on what waited, and goes on. */
  resume(): void;
  /** Cuts every connection with a reset. */
  reset(): void;
  /** Passes everything on so much later. */
  delay(ms: number): void;
  /** Leads new connections to another server, as a name that moves; those that are open stay where they are. */
  lead(databaseUrl: string): void;
  close(): Promise<void>;
}

/** Starts a proxy before the server of a connection string, on a free port. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let stalled = false;
  let delayMs = 0;
  const server = createServer((client) => {
    const upstream = createConnection({ host: target.hostname, port: Number(target.port) });
    join(client, upstream);
    join(upstream, client);
  });
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (data) => {
      if (delayMs === 0) {
        to.write(data);
      } else {
        setTimeout(() => to.write(data), delayMs);
      }
    });
    if (stalled) {
      from.pause();
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stall: () => {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    resume: () => {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    lead: (elsewhere) => {
      target = new URL(elsewhere);
    },
    delay: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
