import {
  type Config,
  type ConfigOverrides,
  checkSchema,
  createLogger,
  type Executor,
  loadConfig,
  onSlonik,
  openPool,
} from '@silver/shared';
import type { Command } from 'commander';

/** The configuration of a command: the environment, with the options of the program and the command over it. */
export function configOf(command: Command, overrides: ConfigOverrides = {}): Config {
  const { databaseUrl, concurrency } = command.optsWithGlobals<{
    databaseUrl?: string;
    concurrency?: string;
  }>();
  return loadConfig(process.env, {
    databaseUrl,
    workerConcurrency: concurrency,
    ...overrides,
  });
}

/** Runs a command on the database, after making sure that it fits this version. Its statements are short, unless it says otherwise. */
export async function withDatabase<Result>(
  command: Command,
  run: (executor: Executor) => Promise<Result>,
  { statementTimeoutMs }: { readonly statementTimeoutMs?: number } = {},
): Promise<Result> {
  const config = configOf(command);
  const pool = await openPool({
    databaseUrl: config.databaseUrl,
    applicationName: `silver ${command.name()}`,
    size: 1,
    statementTimeoutMs: statementTimeoutMs ?? config.tickTimeoutMs,
    lockTimeoutMs: config.lockTimeoutMs,
    logger: createLogger({ logLevel: 'silent' }, 'silver'),
  });
  try {
    await checkSchema(pool);
    return await run(onSlonik(pool));
  } finally {
    await pool.end();
  }
}
