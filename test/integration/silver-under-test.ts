import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  type Config,
  createLogger,
  type Logger,
  loadConfig,
  openBoss,
  openPool,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';

const silver = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** Fast enough for tests, otherwise as in production. */
const impatient = {
  LOG_LEVEL: 'fatal',
  SILVER_HEAL_INTERVAL_MS: '300',
  SILVER_LOCK_TIMEOUT_MS: '30000',
  SILVER_POLL_INTERVAL_MS: '500',
};

/** The configuration of a program under test. */
export function testConfig(databaseUrl: string, variables: Record<string, string> = {}): Config {
  return loadConfig({ ...impatient, DATABASE_URL: databaseUrl, ...variables });
}

/** A logger that only says what is fatal. */
export function quietLogger(): Logger {
  return createLogger({ logLevel: 'fatal' }, 'test');
}

/** A pool as the programs open it. */
export function testPool(databaseUrl: string, size = 4): Promise<DatabasePool> {
  return openPool({
    databaseUrl,
    applicationName: 'silver test',
    size,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 30_000,
    logger: quietLogger(),
  });
}

/** pg-boss as the programs open it, without supervision. */
export function testBoss(databaseUrl: string): Promise<PgBoss> {
  return openBoss({
    databaseUrl,
    applicationName: 'silver test',
    poolSize: 4,
    migrates: false,
    logger: quietLogger(),
  });
}

/** How a command of the CLI ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `silver …` as a process of its own, to its end. */
export async function runSilver(
  databaseUrl: string | undefined,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<CommandResult> {
  const child = startSilver(databaseUrl, args, variables);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Starts `silver …` as a process of its own; the test ends it. */
export function startSilver(
  databaseUrl: string | undefined,
  args: readonly string[],
  variables: Record<string, string> = {},
  folder?: string,
): ChildProcess {
  const { DATABASE_URL: _, ...inherited } = process.env;
  return spawn(process.execPath, [silver, ...args], {
    ...(folder !== undefined && { cwd: folder }),
    env: {
      ...inherited,
      ...impatient,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      NO_COLOR: '1',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Ends a process and waits for its end. Resolves with its exit code or the signal that ended it. */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return child.exitCode ?? child.signalCode ?? '';
  }
  const closed = once(child, 'exit');
  child.kill(signal);
  const [code, by] = await closed;
  return code ?? by;
}
