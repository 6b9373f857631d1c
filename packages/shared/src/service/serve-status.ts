import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SilverError } from '../errors/silver-error.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import type { Health, Problem } from './health.ts';

export interface StatusOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly health: Health;
  readonly serveMetrics: Telemetry['serveMetrics'];
}

export interface StatusServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves what machines ask a running program: `/healthz`, whether its loop goes on: if not, restart it; `/readyz`, whether it can
 * work: the loop, the database, the schema; `/metrics`, for Prometheus. Answers 200 or 503 with each check and what is wrong.
 * Throws ADDRESS_UNUSABLE when it cannot listen.
 */
export async function serveStatus(options: StatusOptions): Promise<StatusServer> {
  const { health, host, port, serveMetrics } = options;
  const pages: Readonly<
    Record<string, (request: IncomingMessage, response: ServerResponse) => void>
  > = {
    '/healthz': async (_, response) => answer(response, { loop: health.loop() }),
    '/readyz': async (_, response) =>
      answer(response, { loop: health.loop(), ...(await health.checks()) }),
    ...(serveMetrics !== undefined && { '/metrics': serveMetrics }),
  };
  const server = createServer((request, response) => {
    const page = pages[(request.url ?? '').replace(/\?.*$/, '')];
    if (page === undefined) {
      const known = Object.keys(pages).join(', ');
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`There are ${known}.\n`);
    } else {
      page(request, response);
    }
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new SilverError('ADDRESS_UNUSABLE', `Cannot listen on ${host}, port ${port}.`, {
      cause: error,
      remedy:
        'Set SILVER_STATUS_PORT to a free port, or to off; SILVER_STATUS_HOST to an address of this machine.',
    });
  }
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: ServerResponse, checks: Readonly<Record<string, Problem>>): void {
  const good = Object.values(checks).every((problem) => problem === undefined);
  const told = Object.fromEntries(
    Object.entries(checks).map(([name, problem]) => [name, problem ?? 'ok']),
  );
  response
    .writeHead(good ? 200 : 503, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    .end(`${JSON.stringify({ status: good ? 'ok' : 'failing', checks: told })}\n`);
}
