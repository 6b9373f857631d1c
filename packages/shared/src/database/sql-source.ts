import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SilverError } from '../errors/silver-error.ts';

/** One file of the SQL that belongs to this version of Silver. */
export interface SqlFile {
  /** Path below `sql/`, with forward slashes: `functions/plan/pending_work.sql`. */
  readonly path: string;
  /** File name without extension: a migration's name, a function's name. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

export interface SqlSource {
  /** The tables `silver migrate` keeps its own books in. */
  readonly bookkeeping: SqlFile;
  /** Numbered, append-only, each applied once. */
  readonly migrations: readonly SqlFile[];
  /** Current bodies, re-applied when changed. */
  readonly functions: readonly SqlFile[];
  /** Views are dropped and created after all functions. */
  readonly views: readonly SqlFile[];
}

/** `sql/` at the root of the repository, or beside the published package's `dist/`. In that order: it lies there while the package is packed. */
const candidates = ['../../../../sql', '../../sql'];

/** Reads the SQL this program was built with. */
export async function readSqlSource(): Promise<SqlSource> {
  const folders = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const folder = folders.find((path) => existsSync(join(path, 'bookkeeping.sql')));
  if (folder === undefined) {
    throw new SilverError(
      'SQL_SOURCE_MISSING',
      `Silver's SQL is in none of ${folders.join(', ')}.`,
      {
        details: { folders },
        remedy: 'Reinstall @silver/shared: its folder sql/ is part of the package.',
      },
    );
  }
  const paths = (await readdir(folder, { recursive: true }))
    .filter((path) => path.endsWith('.sql'))
    .sort();
  const files = await Promise.all(paths.map((path) => readSqlFile(folder, join(folder, path))));
  const bookkeeping = files.find((file) => file.path === 'bookkeeping.sql') as SqlFile;
  const functions = files.filter((file) => file.path.startsWith('functions/'));
  return {
    bookkeeping,
    migrations: files.filter((file) => file.path.startsWith('migrations/')),
    functions: functions.filter((file) => !isView(file.path)),
    views: functions.filter((file) => isView(file.path)),
  };
}

/** Whether a path below `sql/` holds a view rather than a function. */
export function isView(path: string): boolean {
  return path.startsWith('functions/view/');
}

async function readSqlFile(folder: string, path: string): Promise<SqlFile> {
  const text = await readFile(path, 'utf8');
  return {
    path: relative(folder, path).split(sep).join('/'),
    name: basename(path, '.sql'),
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}
