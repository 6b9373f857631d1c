import {
  type ErrorPattern,
  type Executor,
  errorPatterns,
  type MonitorRow,
  monitor,
  pause,
} from '@silver/shared';
import type { Command } from 'commander';
import { describeFreshness, type Freshness } from '../output/describe-freshness.ts';
import { paint } from '../output/paint.ts';
import { printJson, printJsonLine } from '../output/print-rows.ts';
import { stopSignal } from '../until-stopped.ts';
import { withDatabase } from '../with-database.ts';

interface StatusOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
}

const intervalMs = 1_000;
const clearScreen = '\u001b[H\u001b[2J';
const colours = { fresh: paint.green, behind: paint.yellow, stuck: paint.red } as const;

/** `silver status`: how fresh each rollup is and, if it is not, why, and when it will be. */
export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('show how fresh each rollup is and, if it is not, why, and when it will be')
    .option('--watch', 'look again every second, until interrupted')
    .option(
      '--json',
      'print every column of the monitor, and the errors of the last hour, as json; with --watch a line for each look',
    )
    .action(async ({ json = false, watch = false }: StatusOptions, command: Command) => {
      await withDatabase(command, (executor) =>
        watch ? watchAll(executor, json) : showAll(executor, json),
      );
    });
}

/** A row of the monitor, with what went wrong in the last hour. */
type StatusRow = MonitorRow & { readonly errors: readonly ErrorPattern[] };

async function look(executor: Executor): Promise<readonly StatusRow[]> {
  const rows = await monitor(executor);
  const patterns = await errorPatterns(executor);
  return rows.map((row) => ({
    ...row,
    errors: patterns.filter((pattern) => pattern.rollup_id === row.rollup_id),
  }));
}

async function showAll(executor: Executor, json: boolean): Promise<void> {
  const rows = await look(executor);
  if (json) {
    printJson(rows);
  } else {
    process.stdout.write(describeAll(rows));
  }
}

async function watchAll(executor: Executor, json: boolean): Promise<void> {
  const stopping = stopSignal();
  while (!stopping.aborted) {
    const rows = await look(executor);
    if (json) {
      printJsonLine(rows);
    } else {
      process.stdout.write(`${process.stdout.isTTY ? clearScreen : ''}${describeAll(rows)}\n`);
    }
    await pause(intervalMs, stopping);
  }
}

/** A line for each rollup, for one that is not fresh why and when, and what failed lately; no wider than the terminal. */
function describeAll(rows: readonly StatusRow[]): string {
  if (rows.length === 0) {
    return 'no rollups yet: declare one with silver rollup create\n';
  }
  const told = rows.map((row) => ({ row, freshness: describeFreshness(row) }));
  const name = Math.max(...rows.map((row) => row.target_table.length));
  const headline = Math.max(...told.map(({ freshness }) => freshness.headline.length));
  return told
    .flatMap(({ freshness, row }) => describeOne(row, freshness, name, headline))
    .map((line) => `${line}\n`)
    .join('');
}

function describeOne(
  row: StatusRow,
  { headline, level, when, why }: Freshness,
  nameWidth: number,
  headlineWidth: number,
): readonly string[] {
  const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
  const until = row.last_processed_time === null ? '' : `  until ${row.last_processed_time}`;
  const first = `${row.target_table.padEnd(nameWidth)}  ${headline.padEnd(headlineWidth)}${until}`;
  const from = nameWidth + 2;
  // Painted after it was cut: colours take no room.
  const painted = `${first.slice(0, from)}${colours[level](first.slice(from, from + headlineWidth))}${first.slice(from + headlineWidth, width)}`;
  const indent = '  ';
  const reasons = [
    why === null ? [] : wrap(why, width - 2),
    when === null ? [] : wrap(`fresh ${when}`, width - 2),
    row.errors.length === 0 ? [] : wrap(describeErrors(row.errors), width - 2),
  ];
  return [painted, ...reasons.flat().map((line) => `${indent}${line}`)];
}

/** By SQLSTATE how many attempts failed: what is one hiccup, and what is a pattern. */
function describeErrors(errors: readonly ErrorPattern[]): string {
  const kinds = errors.map(
    ({ chunks, failures, sql_state: state }) =>
      `${failures} × ${state}${chunks > 1 ? ` in ${chunks} chunks` : ''}`,
  );
  return `failed in the last hour: ${kinds.join(', ')}`;
}

/** Lines of words no longer than `width`; a word that is longer is cut. */
function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.replace(/\s+/g, ' ').split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(word.slice(0, width));
    } else {
      lines[lines.length - 1] = line === '' ? word.slice(0, width) : `${line} ${word}`;
    }
  }
  return lines;
}
