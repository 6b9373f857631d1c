import { type DatabasePool, sql } from 'slonik';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { SilverError } from '../errors/silver-error.ts';
import { type ExecutedMigration, executedMigration, refuseNewer } from './apply-migrations.ts';
import { readSqlSource } from './sql-source.ts';

const remedy = 'Run silver migrate.';

/** Refuses to work on a database that this program's version does not fit: not migrated, older, or newer. */
export async function checkSchema(pool: DatabasePool): Promise<void> {
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
