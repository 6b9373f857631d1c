import type { Client } from 'pg';
import { z } from 'zod';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { SilverError } from '../errors/silver-error.ts';
import { isView, type SqlFile, type SqlSource } from './sql-source.ts';

const appliedRow = z.object({ path: z.string(), sha256: z.string() });

/** What a file may still be waiting for: a function, type, table or column that another file creates. */
const missingDependency: ReadonlySet<string> = new Set(['42883', '42704', '42P01', '42703']);

/**
 * Applies every function and view file whose text differs from what this database has, and drops those whose file
 * vanished, in the caller's transaction. Views come after functions. Returns the paths applied and dropped.
 */
export async function applyFunctions(
  client: Client,
  source: Pick<SqlSource, 'functions' | 'views'>,
): Promise<{ readonly applied: readonly string[]; readonly dropped: readonly string[] }> {
  const { rows } = await client.query('select path, sha256 from silver.applied_function');
  const hashes = new Map(
    rows.map((row) => appliedRow.parse(row)).map(({ path, sha256 }) => [path, sha256]),
  );
  const known = new Set([...source.functions, ...source.views].map(({ path }) => path));
  const vanished = [...hashes.keys()].filter((path) => !known.has(path));
  const changed = (file: SqlFile) => hashes.get(file.path) !== file.sha256;
  const functions = source.functions.filter(changed);
  const views = source.views.filter(changed);

  // Before anything is created: a function that moved to another file must not be dropped after it was created there.
  for (const path of vanished.toSorted(viewsFirst)) {
    await dropFile(client, path);
  }
  for (const { name } of functions) {
    await client.query('select silver.drop_overloads($1)', [name]);
  }
  await applyInAnyOrder(client, functions);
  await applyInAnyOrder(client, views);
  return { applied: [...functions, ...views].map(({ path }) => path), dropped: vanished };
}

/** Applies files in passes: one that needs what another file creates is tried again after the others. */
async function applyInAnyOrder(client: Client, files: readonly SqlFile[]): Promise<void> {
  let waiting = files;
  while (waiting.length > 0) {
    const deferred: SqlFile[] = [];
    let reason: unknown;
    for (const file of waiting) {
      try {
        await applyFile(client, file);
      } catch (error) {
        if (!missingDependency.has(findDatabaseError(error)?.sqlState ?? '')) {
          throw nameFile(file, error);
        }
        deferred.push(file);
        reason ??= nameFile(file, error);
      }
    }
    if (deferred.length === waiting.length) {
      throw reason;
    }
    waiting = deferred;
  }
}

async function applyFile(client: Client, file: SqlFile): Promise<void> {
  await client.query('savepoint file');
  try {
    await client.query(file.text);
    await client.query('select silver.note_applied($1, $2)', [file.path, file.sha256]);
  } catch (error) {
    await client.query('rollback to savepoint file');
    throw error;
  }
  await client.query('release savepoint file');
}

async function dropFile(client: Client, path: string): Promise<void> {
  const name = path.replace(/^.*\/|\.sql$/g, '');
  if (isView(path)) {
    await client.query(`drop view if exists silver.${client.escapeIdentifier(name)}`);
  } else {
    await client.query('select silver.drop_overloads($1)', [name]);
  }
  await client.query('delete from silver.applied_function where path = $1', [path]);
}

function viewsFirst(left: string, right: string): number {
  return Number(isView(right)) - Number(isView(left));
}

function nameFile(file: SqlFile, error: unknown): SilverError {
  const database = findDatabaseError(error);
  return new SilverError(
    'MIGRATION_FAILED',
    `sql/${file.path} failed: ${database?.message ?? String(error)}`,
    {
      cause: error,
      details: { path: file.path, ...database },
    },
  );
}
