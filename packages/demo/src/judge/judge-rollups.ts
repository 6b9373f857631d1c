import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { Change } from '../change/plan-change.ts';
import { exportTable } from './export-table.ts';
import { type Judge, openJudge, type Verdict } from './open-judge.ts';

export interface JudgeRollupsOptions {
  readonly client: Client;
  readonly change: Change;
  /** Names of the targets, in schema public. */
  readonly targets: readonly string[];
  readonly rows: number;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onVerdict: (judged: JudgedTable) => void;
}

/** A target table or a live view, and what the judge said about it. */
export interface JudgedTable {
  readonly target: string;
  readonly isLiveView: boolean;
  readonly verdict: Verdict;
}

export interface Judgement {
  /** Rows counted in the source, by PostgreSQL. */
  readonly sourceRows: number;
  /** What DuckDB counts after applying the change by itself; any other number is a mismatch. */
  readonly expectedSourceRows: number;
  readonly tables: readonly JudgedTable[];
}

/** Compares every bucket of every target, and of its live view, with what DuckDB makes of the flights by itself. */
export async function judgeRollups(options: JudgeRollupsOptions): Promise<Judgement> {
  const { change, client, directory, rows, signal } = options;
  await using judge = await openJudge({ change, directory, rows, signal });
  const source = await client.query<{ n: string }>('select count(*) as n from public.flights');
  const tables: JudgedTable[] = [];
  for (const target of options.targets) {
    await judge.expect(target);
    for (const table of await relationsOf(client, target)) {
      const verdict = await judgeTable(judge, options, table);
      const judged = { target, isLiveView: table !== target, verdict };
      options.onVerdict(judged);
      tables.push(judged);
    }
  }
  return {
    sourceRows: Number(source.rows[0]?.n),
    expectedSourceRows: await judge.countSource(),
    tables,
  };
}

/** Buckets that are missing, unexpected or different, and a source that holds other rows than it should. */
export function countMismatches({ expectedSourceRows, sourceRows, tables }: Judgement): number {
  const wrong = tables.map(
    ({ verdict }) => verdict.missing + verdict.unexpected + verdict.different,
  );
  return wrong.reduce((sum, one) => sum + one, Math.abs(sourceRows - expectedSourceRows));
}

async function judgeTable(
  judge: Judge,
  { client, directory, signal }: JudgeRollupsOptions,
  table: string,
): Promise<Verdict> {
  const file = join(directory, `${table}.csv`);
  await exportTable(client, `public.${table}`, file, signal);
  const verdict = await judge.compare(file);
  await rm(file);
  return verdict;
}

async function relationsOf(client: Client, target: string): Promise<string[]> {
  const live = `${target}_live`;
  const found = await client.query<{ found: boolean }>(
    'select to_regclass($1) is not null as found',
    [`public.${live}`],
  );
  return found.rows[0]?.found === true ? [target, live] : [target];
}
