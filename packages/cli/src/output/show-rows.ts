import type { Executor } from '@silver/shared';
import type { Command } from 'commander';
import { withDatabase } from '../with-database.ts';
import { printJson, printTable, type Row } from './print-rows.ts';

export interface ShowOptions {
  /** The columns a person is shown; a program is given all. */
  readonly columns: readonly string[];
  /** What is said where there is no row. */
  readonly none: string;
}

/** Reads rows and prints them: a table for a person, with `--json` everything for a program. Returns them. */
export async function showRows(
  command: Command,
  read: (executor: Executor) => Promise<readonly Row[]>,
  { columns, none }: ShowOptions,
): Promise<readonly Row[]> {
  const rows = await withDatabase(command, read);
  if (command.opts<{ json?: boolean }>().json) {
    printJson(rows);
  } else if (rows.length === 0) {
    process.stdout.write(`${none}\n`);
  } else {
    printTable(columns, rows);
  }
  return rows;
}

/** Says what was done: a line for a person, with `--json` a value for a program. */
export function sayDone(command: Command, line: string, value: Row): void {
  if (command.opts<{ json?: boolean }>().json) {
    printJson(value);
  } else {
    process.stdout.write(`${line}\n`);
  }
}
