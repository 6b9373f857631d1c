import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SilverError } from '../errors/silver-error.ts';
import { endOrphanedServer } from './end-orphaned-server.ts';
import { findBinaries, readableBinaries } from './find-binaries.ts';
import {
  type ServerAnswer,
  type ServerOrder,
  type ServerPlan,
  type StopMode,
  serverAnswer,
} from './server-protocol.ts';
import { takeDirectory } from './take-directory.ts';
import { unprivilegedOwner } from './unprivileged-owner.ts';

export interface EmbeddedPostgresOptions {
  /** Settings of postgresql.conf, over the defaults below. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Another PostgreSQL than the one that comes with this package: a directory with `bin/` and `lib/`. */
  readonly binaries?: string;
  /** Where its directory is made; the system's directory for temporary files by default. */
  readonly parentDirectory?: string;
  /** A directory of its own that stays: made when it is missing, else continued with. Nothing of it is lost in a crash. */
  readonly keptDirectory?: string;
  /** The port; a free one by default. */
  readonly port?: number;
  /** Gives the start up; a server that has started is closed by its owner. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Connection string of the database `postgres`, as the superuser, without a password, on loopback. */
  readonly connectionString: string;
  readonly port: number;
  /** Its directory, with `data/` and the Unix socket. */
  readonly directory: string;
  /** The postmaster's process id while it runs. */
  readonly pid: number;
  /** Stops the server and keeps its data: fast by default; `immediate` and `kill` are crashes. */
  stop(mode?: StopMode): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Stops it for good and removes its directory unless that is kept. Also happens when this process ends in any way. */
  close(): Promise<void>;
}

/** What is thrown away in the end need not wait for the disk. A crash of the server alone loses nothing for that. */
const throwawaySettings = { fsync: 'off', full_page_writes: 'off' } as const;
const defaultSettings = {
  max_connections: '200',
  max_prepared_transactions: '20',
  max_wal_size: '4GB',
  shared_buffers: '256MB',
  timezone: 'UTC',
} as const;

const portAttempts = 5;
const supervisorEnded: ServerAnswer = { state: 'failed', reason: 'its supervisor ended' };

/**
 * Starts a real PostgreSQL server for this process alone, in a temporary directory or one that is kept, on a port of loopback. As root it
 * runs as an unprivileged user. A supervisor process ends it and removes a temporary directory when this process ends, even by SIGKILL;
 * should the supervisor be killed, this process does so.
 * Errors: POSTGRES_MISSING when no binaries fit, POSTGRES_FAILED with what the server printed.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  options.signal?.throwIfAborted();
  if (options.port !== undefined) {
    return startOnPort(options, options.port);
  }
  let failure: unknown;
  for (let attempt = 0; attempt < portAttempts; attempt += 1) {
    try {
      return await startOnPort(options, await freePort());
    } catch (error) {
      failure = error; // Somebody took the port in between.
      if (!(error instanceof Error) || !error.message.includes('could not bind')) {
        throw error;
      }
    }
  }
  throw failure;
}

async function startOnPort(
  options: EmbeddedPostgresOptions,
  port: number,
): Promise<EmbeddedPostgres> {
  const { keptDirectory } = options;
  const owner = unprivilegedOwner();
  const found = options.binaries ?? findBinaries();
  const directory =
    keptDirectory === undefined
      ? mkdtempSync(join(options.parentDirectory ?? tmpdir(), 'silver-postgres-'))
      : takeDirectory(keptDirectory, owner !== undefined);
  chmodSync(directory, 0o755);
  const plan: ServerPlan = {
    binaries: owner === undefined ? found : readableBinaries(found, directory),
    directory,
    keep: keptDirectory !== undefined,
    port,
    settings: {
      ...defaultSettings,
      ...(keptDirectory === undefined && throwawaySettings),
      ...options.settings,
    },
    ...(owner !== undefined && { owner }),
  };
  const supervisor = startSupervisor(plan);
  let pid: number;
  try {
    pid = await supervisor.start();
    options.signal?.throwIfAborted();
  } catch (error) {
    await supervisor.close();
    throw error;
  }
  const close = supervisor.close;
  return {
    connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    directory,
    get pid() {
      return pid;
    },
    stop: (mode = 'fast') => supervisor.stop(mode),
    start: async () => {
      pid = await supervisor.start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function startSupervisor(plan: ServerPlan) {
  const program = fileURLToPath(
    new URL(`./supervise-server${extname(import.meta.url)}`, import.meta.url),
  );
  const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((answer: ServerAnswer) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.(serverAnswer.parse(JSON.parse(line)));
  });
  child.stdin.on('error', () => undefined); // It was killed: its exit says so.
  let orphanEnded: Promise<void> | undefined;
  child.on('exit', (code) => {
    if (code !== 0) {
      orphanEnded = endOrphanedServer(plan.directory, plan.keep);
    }
    for (const resolve of waiting.splice(0)) {
      resolve(supervisorEnded);
    }
  });
  letParentEnd(child);

  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const send = async (order: ServerOrder): Promise<ServerAnswer> => {
    if (hasEnded()) {
      return supervisorEnded;
    }
    const answer = new Promise<ServerAnswer>((resolve) => waiting.push(resolve));
    child.stdin.write(`${JSON.stringify(order)}\n`);
    hold(child);
    const given = await answer;
    letParentEnd(child);
    return given;
  };
  const give = async (order: ServerOrder): Promise<ServerAnswer> => {
    const given = await send(order);
    if (given.state === 'failed') {
      throw new SilverError(
        'POSTGRES_FAILED',
        `the embedded PostgreSQL did not ${order.order}: ${given.reason}`,
        { details: { port: plan.port, directory: plan.directory } },
      );
    }
    return given;
  };

  return {
    start: async () => {
      const answer = await give({ order: 'start' });
      return answer.state === 'running' ? answer.pid : 0;
    },
    stop: async (mode: StopMode) => {
      await give({ order: 'stop', mode });
    },
    close: async () => {
      if (!hasEnded()) {
        const exited = once(child, 'exit');
        hold(child);
        child.stdin.end();
        await exited;
      }
      await orphanEnded;
    },
  };
}

/** The server alone does not keep a process alive that has nothing else to do. */
function letParentEnd(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    (stream as unknown as { unref?(): void }).unref?.();
  }
}

function hold(child: ChildProcess): void {
  child.ref();
  (child.stdout as unknown as { ref?(): void }).ref?.();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}
