import type { Client } from 'pg';
import { Umzug, type UmzugStorage } from 'umzug';
import { z } from 'zod';
import { SilverError } from '../errors/silver-error.ts';
import type { SqlFile } from './sql-source.ts';

const nameRow = z.object({ name: z.string() });

/**
 * Applies the migrations that this database has not had, in their order, in the caller's transaction.
 * umzug decides which and keeps the book in `silver.migration`. Returns the names applied.
 */
export async function applyMigrations(
  client: Client,
  files: readonly SqlFile[],
): Promise<readonly string[]> {
  const umzug = new Umzug<Client>({
    context: client,
    logger: undefined,
    migrations: files.map(({ name, text }) => ({
      name,
      up: async ({ context }) => context.query(text),
    })),
    storage,
  });
  refuseNewer(
    (await umzug.executed()).map(({ name }) => name),
    files,
  );
  return (await umzug.up()).map(({ name }) => name);
}

/** Throws SCHEMA_NEWER when the database has had a migration that this program does not know. */
export function refuseNewer(executed: readonly string[], known: readonly SqlFile[]): void {
  const unknown = executed.filter((name) => !known.some((file) => file.name === name));
  if (unknown.length > 0) {
    throw new SilverError(
      'SCHEMA_NEWER',
      `The database has migrations this program does not know: ${unknown.join(', ')}.`,
      {
        details: { unknown },
        remedy: 'Run the newer version of Silver that migrated it.',
      },
    );
  }
}

/** The names of the migrations this database has had. */
export async function executedMigrations(client: Pick<Client, 'query'>): Promise<string[]> {
  const { rows } = await client.query('select name from silver.migration order by name');
  return rows.map((row) => nameRow.parse(row).name);
}

const storage: UmzugStorage<Client> = {
  executed: async ({ context }) => executedMigrations(context),
  logMigration: async ({ name, context }) => {
    await context.query('insert into silver.migration (name) values ($1)', [name]);
  },
  unlogMigration: async () => {
    throw new Error('migrations are append-only: they are never taken back');
  },
};
