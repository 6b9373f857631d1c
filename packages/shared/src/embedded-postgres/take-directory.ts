import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SilverError } from '../errors/silver-error.ts';

/**
 * A directory whose data is kept, made when it is missing. Errors: POSTGRES_FAILED when a server runs on it already, when it cannot
 * be made, or when the unprivileged user whom PostgreSQL runs as could not reach it (`forOther`).
 */
export function takeDirectory(path: string, forOther: boolean): string {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new SilverError('POSTGRES_FAILED', `${directory} cannot be made`, {
      cause,
      details: { directory },
      remedy: 'Name another directory.',
    });
  }
  const closed = forOther ? closedFolder(directory) : undefined;
  if (closed !== undefined) {
    throw new SilverError(
      'POSTGRES_FAILED',
      `PostgreSQL does not run as root, and whom it runs as may not enter ${closed}`,
      {
        details: { directory, closed },
        remedy: `Name a directory elsewhere, such as /var/lib/silver; or chmod o+x ${closed}; or run as another user.`,
      },
    );
  }
  const pid = runningPostmaster(directory);
  if (pid !== undefined) {
    throw new SilverError('POSTGRES_FAILED', `a server runs on ${directory} already, pid ${pid}`, {
      details: { directory, pid },
      remedy: 'End it first, or name another directory.',
    });
  }
  return directory;
}

function closedFolder(directory: string): string | undefined {
  for (let folder = dirname(directory); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) {
      return folder;
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}

function runningPostmaster(directory: string): number | undefined {
  try {
    const [line] = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(line);
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined; // There is none, or it is gone: PostgreSQL itself takes such a file over.
  }
}
