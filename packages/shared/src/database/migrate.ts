import pg from 'pg';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { SilverError } from '../errors/silver-error.ts';
import { installQueues } from '../job/open-boss.ts';
import type { Logger } from '../telemetry/logger.ts';
import { applyFunctions } from './apply-functions.ts';
import { applyMigrations } from './apply-migrations.ts';
import { explainConnectionFailure } from './open-pool.ts';
import { sessionUri } from './session-uri.ts';
import { readSqlSource } from './sql-source.ts';

export interface MigrateOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
}

/** What a migrate changed: empty lists when the database was up to date. */
export interface MigrateResult {
  readonly migrations: readonly string[];
  readonly functions: readonly string[];
  readonly dropped: readonly string[];
}

/** Any constant will do, as long as every version of Silver uses the same. */
const migrateLockKey = 7_346_290_142;

/**
 * Brings a database to this program's version: the schema `silver`, then pg-boss's own schema and Silver's queues.
 * Any number of processes may do it at once, at any time. A database that has had a migration this program does not
 * know is refused.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const result = await migrateSilver(options);
  await installQueues(options.databaseUrl, options.logger);
  return result;
}

/**
 * Tables by numbered migrations, once each; functions and views whenever their text changed. One transaction under
 * one advisory lock: processes wait for each other, and it happens whole or not at all.
 */
async function migrateSilver({ databaseUrl, logger }: MigrateOptions): Promise<MigrateResult> {
  const source = await readSqlSource();
  const client = new pg.Client({
    connectionString: sessionUri(databaseUrl, { applicationName: 'silver migrate' }),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect().catch((error: unknown) => {
    throw explainConnectionFailure(error, databaseUrl);
  });
  try {
    await client.query('begin');
    // Before anything else, even `create schema if not exists`: that is not safe against itself.
    await client.query('select pg_advisory_xact_lock($1)', [migrateLockKey]);
    await client.query("set local search_path = ''");
    await client.query('set local client_min_messages = warning');
    // Functions may name each other in any order.
    await client.query('set local check_function_bodies = off');
    await client.query(source.bookkeeping.text);
    const migrations = await applyMigrations(client, source.migrations);
    const { applied: functions, dropped } = await applyFunctions(client, source);
    if (migrations.length + functions.length + dropped.length > 0) {
      // Stored chunk statements and tracking triggers are made by functions that may just have changed.
      await client.query('select silver.compile_all()');
      // What was made anew has lost its grants.
      await client.query('select silver.grant_roles()');
    }
    await client.query('commit');
    logger.debug({ migrations, functions, dropped }, 'migrated');
    return { migrations, functions, dropped };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw explainMigrationFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explainMigrationFailure(error: unknown): unknown {
  const database = findDatabaseError(error);
  if (error instanceof SilverError || database === undefined) {
    return error;
  }
  return new SilverError(
    'MIGRATION_FAILED',
    `Migrating failed, nothing was changed: ${database.message}`,
    {
      cause: error,
      details: { ...database },
      ...(database.sqlState === '42501' && {
        remedy:
          'Run silver migrate as a role that may create the schema silver and owns what is in it.',
      }),
    },
  );
}
