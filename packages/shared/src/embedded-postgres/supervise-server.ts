/**
 * A process of its own that runs one PostgreSQL server on behalf of its parent, and outlives the parent just long enough
 * to clean up: its standard input is a pipe from the parent, which the kernel closes however the parent ends, SIGKILL
 * included. Then it stops the server, removes the directory unless it is to be kept, and exits. It sits in a session of its own, so that Ctrl-C
 * in the parent's terminal does not end the server before its clients.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import {
  type ServerAnswer,
  type ServerOrder,
  type StopMode,
  serverOrder,
  serverPlan,
} from './server-protocol.ts';

const plan = serverPlan.parse(JSON.parse(process.argv[2] ?? ''));
const data = join(plan.directory, 'data');
const startTimeoutMs = 60_000;
const stopSignals = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
let server: ChildProcess | undefined;
let output = '';

for (const signal of ['SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => undefined); // The parent decides, by closing the pipe.
}
process.on('SIGTERM', () => void end());
process.stdout.on('error', () => undefined); // The parent may be gone.

const orders = createInterface({ input: process.stdin });
let turn = Promise.resolve();
orders.on('line', (line) => {
  turn = turn.then(() => answer(serverOrder.parse(JSON.parse(line))));
});
orders.on('close', () => void end());

async function answer(order: ServerOrder): Promise<void> {
  let reply: ServerAnswer;
  try {
    reply = order.order === 'start' ? await start() : await stop(order.mode);
  } catch (error) {
    reply = { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

async function start(): Promise<ServerAnswer> {
  if (server !== undefined) {
    return { state: 'running', pid: server.pid ?? 0 };
  }
  if (!isInitialised()) {
    await initialise();
  }
  const settings = Object.entries({
    port: String(plan.port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: plan.directory,
    ...plan.settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    output = '';
    const pid = await attempt(settings, deadline);
    if (pid !== undefined) {
      return { state: 'running', pid };
    }
    await setTimeout(50);
  }
}

/** One attempt; undefined: processes of a postmaster that was killed a moment ago are still ending. */
async function attempt(settings: readonly string[], deadline: number): Promise<number | undefined> {
  const started = run('postgres', ['-D', data, ...settings]);
  server = started;
  started.once('exit', () => {
    server = undefined;
  });
  while (!isReady(started)) {
    if (server === undefined) {
      if (output.includes('pre-existing shared memory block') && Date.now() < deadline) {
        return undefined;
      }
      throw new Error(`postgres ended at once: ${output.trim()}`);
    }
    if (Date.now() > deadline) {
      await stop('immediate');
      throw new Error(`postgres was not ready within ${startTimeoutMs} ms: ${output.trim()}`);
    }
    await setTimeout(10);
  }
  return started.pid ?? 0;
}

async function stop(mode: StopMode): Promise<ServerAnswer> {
  const stopping = server;
  if (stopping !== undefined) {
    const exited = once(stopping, 'exit');
    stopping.kill(stopSignals[mode]);
    await exited;
  }
  return { state: 'stopped' };
}

let ending: Promise<void> | undefined;
function end(): Promise<void> {
  ending ??= turn.then(async () => {
    if (plan.keep) {
      await stop('fast');
    } else {
      await stop('immediate'); // The data goes too: no checkpoint is worth waiting for.
      rmSync(plan.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
    process.exit(0);
  });
  return ending;
}

async function initialise(): Promise<void> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (plan.owner !== undefined) {
    chownSync(plan.directory, plan.owner.uid, plan.owner.gid);
    chownSync(data, plan.owner.uid, plan.owner.gid);
  }
  const initdb = run('initdb', [
    '--pgdata',
    data,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    ...(plan.keep ? [] : ['--no-sync']),
    '--no-instructions',
  ]);
  const [code] = await once(initdb, 'exit');
  if (code !== 0) {
    throw new Error(`initdb ended with exit code ${code}: ${output.trim()}`);
  }
}

function run(program: 'initdb' | 'postgres', args: readonly string[]): ChildProcess {
  const child = spawn(join(plan.binaries, 'bin', program), args, {
    cwd: plan.directory,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...plan.owner,
  });
  const collect = (chunk: Buffer) => {
    output = `${output}${chunk}`.slice(-4_000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  child.on('error', (error) => {
    output = `${output}\n${error.message}`;
  });
  return child;
}

function isInitialised(): boolean {
  try {
    readFileSync(join(data, 'global', 'pg_control'));
    return true;
  } catch {
    return false;
  }
}

/** The postmaster writes its status into the eighth line of its pid file. */
function isReady(started: ChildProcess): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === started.pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
