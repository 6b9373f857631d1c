import type { Client } from 'pg';
import type { UmzugStorage } from 'umzug';
import { z } from 'zod';
import { SilverError } from '../errors/silver-error.ts';
import type { SqlFile } from './sql-source.ts';

/** A migration this database has had, and the text it had then. */
export const executedMigration = z.object({ name: z.string(), sha256: z.string() });
export type ExecutedMigration = z.output<typeof executedMigration>;

/**
 * Applies the migrations that this database has not had, in their order, in the caller's transaction.
 * umzug decides which and keeps the book in `silver.migration`. Returns the names applied.
 */
export async function applyMigrations(
  client: Client,
  files: readonly SqlFile[],
): Promise<readonly string[]> {
  const executed = await readExecuted(client);
  refuseNewer(executed, files);
  refuseChanged(executed, files);
  // Loaded where it is needed alone: with what it loads for a command line of its own it is a quarter of all code, which no worker runs.
  const { Umzug } = await import('umzug');
  const umzug = new Umzug<Client>({
    context: client,
    logger: undefined,
    migrations: files.map(({ name, text }) => ({
      name,
      up: async ({ context }) => context.query(text),
    })),
    storage: bookOf(files),
  });
  return (await umzug.up()).map(({ name }) => name);
}

/** Throws SCHEMA_NEWER when the database has had a migration that this program does not know. */
export function refuseNewer(
  executed: readonly ExecutedMigration[],
  known: readonly SqlFile[],
): void {
  const unknown = executed
    .map(({ name }) => name)
    .filter((name) => !known.some((file) => file.name === name));
  if (unknown.length > 0) {
    throw new SilverError(
      'SCHEMA_NEWER',
      `The database has migrations this program does not know: ${unknown.join(', ')}.`,
      { details: { unknown }, remedy: 'Run the newer version of Silver that migrated it.' },
    );
  }
}

/** Throws MIGRATION_CHANGED when a migration was edited after this database had it: the two would drift apart. */
function refuseChanged(executed: readonly ExecutedMigration[], files: readonly SqlFile[]): void {
  const changed = files.filter((file) =>
    executed.some(({ name, sha256 }) => name === file.name && sha256 !== file.sha256),
  );
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name);
    throw new SilverError(
      'MIGRATION_CHANGED',
      `Migrations were edited after this database had them: ${names.join(', ')}.`,
      {
        details: { changed: names },
        remedy:
          'Put them back and add a new migration; a database that holds nothing can be made anew.',
      },
    );
  }
}

async function readExecuted(client: Client): Promise<ExecutedMigration[]> {
  const { rows } = await client.query('select * from silver.migration order by name');
  return rows.map((row) => executedMigration.parse(row));
}

function bookOf(files: readonly SqlFile[]): UmzugStorage<Client> {
  const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  return {
    executed: async ({ context }) => (await readExecuted(context)).map(({ name }) => name),
    logMigration: async ({ name, context }) => {
      const values = [name, hashes.get(name)];
      await context.query('insert into silver.migration (name, sha256) values ($1, $2)', values);
    },
    unlogMigration: async () => {
      throw new Error('migrations are append-only: they are never taken back');
    },
  };
}
