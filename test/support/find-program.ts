import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The path of a program of the machine; undefined, and said aloud, when it is not installed: what needs it is skipped then.
 */
export function findProgram(name: string, whereFrom: string): string | undefined {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (found === undefined) {
    console.warn(`SKIPPED: what needs ${name}, which is not installed (${whereFrom})`);
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
