import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';

/** A PgBouncer in transaction mode before a server. */
export interface PgBouncer {
  /** The same connection string by way of it, as Silver wants it said. */
  readonly url: string;
  close(): Promise<void>;
}

/** Where Debian and others install it; undefined: it is not there. */
export function findPgBouncer(): string | undefined {
  const folders = [
    '/usr/sbin',
    '/usr/bin',
    '/usr/local/bin',
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isExecutable);
}

export interface PgBouncerOptions {
  /** Start-up parameters it drops silently; it refuses all others. */
  readonly ignored?: string;
}

/** Starts a PgBouncer for the server of a connection string, on a free port, as an unprivileged user. */
export async function startPgBouncer(
  databaseUrl: string,
  { ignored }: PgBouncerOptions = {},
): Promise<PgBouncer> {
  const program = findPgBouncer();
  if (program === undefined) {
    throw new Error('pgbouncer is not installed');
  }
  const target = new URL(databaseUrl);
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'silver-pgbouncer-'));
  chmodSync(directory, 0o755);
  const settings = join(directory, 'pgbouncer.ini');
  writeFileSync(
    settings,
    `[databases]
* = host=${target.hostname} port=${target.port} user=${target.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
server_lifetime = 5
query_wait_timeout = 60
${ignored === undefined ? '' : `ignore_startup_parameters = ${ignored}\n`}`,
    { mode: 0o644 },
  );
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(program, ['-q', settings], {
    ...nobody,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  await waitUntil('PgBouncer answers', async () => {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${said}`);
    return answers(port);
  });
  const url = new URL(databaseUrl);
  url.port = String(port);
  url.searchParams.set('pooler', 'transaction');
  return {
    url: url.href,
    close: async () => {
      await end(child);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
