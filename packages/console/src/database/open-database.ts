import {
  type Config,
  checkDatabase,
  checkSchema,
  type Executor,
  type Logger,
  onSlonik,
  openPool,
  parsedRows,
} from '@silver/shared';
import type { DatabasePool } from 'slonik';
import { z } from 'zod';

/** The console's way to the database: never more rights than the work at hand needs. */
export interface ConsoleDatabase {
  /** Reads, in a transaction that can write nothing, as silver_reader where that role may be taken. */
  read<Result>(run: (executor: Executor) => Promise<Result>): Promise<Result>;
  /** Foresees what an action would do: as `act`, but in a transaction that can write nothing. */
  foresee<Result>(run: (executor: Executor) => Promise<Result>): Promise<Result>;
  /** Acts, in one transaction, as silver_operator where that role may be taken. */
  act<Result>(run: (executor: Executor) => Promise<Result>): Promise<Result>;
  /** What is wrong with it, for /readyz. */
  checks(): ReturnType<typeof checkDatabase>;
  close(): Promise<void>;
}

/** Longest time one read may take; a page that cannot be had in this time says so. */
const readTimeoutMs = 10_000;
/** Longest time an action may take: verifying a long range reads all of its source. */
const actTimeoutMs = 120_000;
const poolSize = 4;

const roleRow = z.object({ name: z.string() });

/** Opens the pool and finds out which of Silver's roles the connection may take. */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'lockTimeoutMs'>,
  logger: Logger,
): Promise<ConsoleDatabase> {
  const pool = await openPool({
    databaseUrl: config.databaseUrl,
    applicationName: `silver console ${process.pid}`,
    size: poolSize,
    statementTimeoutMs: readTimeoutMs,
    lockTimeoutMs: config.lockTimeoutMs,
    logger,
  });
  try {
    await checkSchema(pool);
    const roles = await parsedRows(onSlonik(pool), roleRow, 'select * from silver.console_roles()');
    const roleOf = (name: string) => {
      const found = roles.some((role) => role.name === name);
      if (!found) {
        logger.info(
          { role: name },
          'the console works with its own rights: this role is not there, not granted to it, or has no rights here (select silver.install_roles())',
        );
      }
      return found ? name : 'none';
    };
    return onPool(pool, roleOf('silver_reader'), roleOf('silver_operator'));
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function onPool(pool: DatabasePool, reader: string, operator: string): ConsoleDatabase {
  const transaction = <Result>(
    settings: Readonly<Record<string, string>>,
    run: (executor: Executor) => Promise<Result>,
  ) =>
    pool.transaction(async (connection) => {
      const executor = onSlonik(connection);
      const calls = Object.keys(settings).map(
        (name, index) => `set_config('${name}', $${index + 1}, true)`,
      );
      await executor.rows(`select ${calls.join(', ')}`, Object.values(settings));
      return run(executor);
    });
  return {
    read: (run) => transaction({ transaction_read_only: 'on', role: reader }, run),
    foresee: (run) => transaction({ transaction_read_only: 'on', role: operator }, run),
    act: (run) => transaction({ statement_timeout: String(actTimeoutMs), role: operator }, run),
    checks: () => checkDatabase(pool),
    close: () => pool.end(),
  };
}
