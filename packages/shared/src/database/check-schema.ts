import { type DatabasePool, sql } from 'slonik';
import { z } from 'zod';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { SilverError } from '../errors/silver-error.ts';
import { type ExecutedMigration, executedMigration, refuseNewer } from './apply-migrations.ts';
import { readSqlSource } from './sql-source.ts';

const remedy = 'Run silver migrate.';

/**
 * Refuses to work on a database that this program's version does not fit: not migrated, older, or newer; and in sessions
 * of another isolation level than READ COMMITTED, which only a pooler can bring about.
 */
export async function checkSchema(pool: DatabasePool): Promise<void> {
  await checkIsolation(pool);
  const { migrations } = await readSqlSource();
  const executed = await readExecuted(pool);
  refuseNewer(executed, migrations);
  const missing = migrations
    .map(({ name }) => name)
    .filter((name) => !executed.some((migration) => migration.name === name));
  if (missing.length > 0) {
    throw new SilverError(
      'SCHEMA_OUTDATED',
      `The database lacks the migrations ${missing.join(', ')}.`,
      { details: { missing }, remedy },
    );
  }
}

/** The protocol of sealing and the chunk's ledger are reasoned through for READ COMMITTED. */
async function checkIsolation(pool: DatabasePool): Promise<void> {
  const row = z.object({ isolation: z.string(), role: z.string() });
  const { isolation, role } = await pool.one(
    sql.type(
      row,
    )`select current_setting('transaction_isolation') as isolation, current_user::text as role`,
  );
  if (isolation !== 'read committed') {
    throw new SilverError('CONFIG_INVALID', `Sessions of ${role} are ${isolation.toUpperCase()}.`, {
      details: { isolation, role },
      remedy: `ALTER ROLE "${role}" SET default_transaction_isolation = 'read committed'; and connect anew.`,
    });
  }
}

async function readExecuted(pool: DatabasePool): Promise<readonly ExecutedMigration[]> {
  try {
    return await pool.any(sql.type(executedMigration)`select * from silver.migration`);
  } catch (error) {
    // undefined_table or invalid_schema_name
    if (['42P01', '3F000'].includes(findDatabaseError(error)?.sqlState ?? '')) {
      throw new SilverError('SCHEMA_MISSING', 'The database has no schema silver.', {
        cause: error,
        remedy,
      });
    }
    throw error;
  }
}
