import { type DatabasePool, sql } from 'slonik';
import { z } from 'zod';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { SilverError } from '../errors/silver-error.ts';
import { refuseNewer } from './apply-migrations.ts';
import { readSqlSource } from './sql-source.ts';

const remedy = 'Run silver migrate.';

/** Refuses to work on a database that this program's version does not fit: not migrated, older, or newer. */
export async function checkSchema(pool: DatabasePool): Promise<void> {
  const { migrations } = await readSqlSource();
  const executed = await executedNames(pool);
  refuseNewer(executed, migrations);
  const missing = migrations.map(({ name }) => name).filter((name) => !executed.includes(name));
  if (missing.length > 0) {
    throw new SilverError(
      'SCHEMA_OUTDATED',
      `The database lacks the migrations ${missing.join(', ')}.`,
      {
        details: { missing },
        remedy,
      },
    );
  }
}

async function executedNames(pool: DatabasePool): Promise<readonly string[]> {
  try {
    return await pool.anyFirst(
      sql.type(z.object({ name: z.string() }))`select name from silver.migration`,
    );
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
