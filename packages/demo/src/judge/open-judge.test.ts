import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planChange } from '../change/plan-change.ts';
import { flightsFile } from '../flights/read-flights.ts';
import { type Judge, openJudge } from './open-judge.ts';

const rows = 3000;
const noChange = planChange({ firstDay: new Date(0), days: 1, lateRows: 0, seed: 0 });
const right = { missing: 0, unexpected: 0, different: 0 };

describe('openJudge', () => {
  let directory: string;
  let judge: Judge;
  let header: string[];
  let lines: string[][];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'silver-judge-'));
    judge = await openJudge({
      change: noChange,
      directory,
      rows,
      signal: new AbortController().signal,
    });
    await judge.expect('flights_daily_by_origin');
    const file = join(directory, 'right.csv');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `copy (
        select strftime(date_trunc('day', date), '%Y-%m-%d %H:%M:%S+00') as timestamp, origin, count(*) as row_count,
          min(delay) as min_delay, max(delay) as max_delay, avg(delay) as avg_delay, sum(delay) as sum_delay,
          count(delay) as count_delay, min(distance) as min_distance, max(distance) as max_distance,
          avg(distance) as avg_distance, sum(distance) as sum_distance, count(distance) as count_distance
        from (from read_parquet('${flightsFile}') limit ${rows}) group by 1, 2 order by 1, 2
      ) to '${file}' (format csv, header)`,
    );
    const [first = '', ...rest] = (await readFile(file, 'utf8')).trim().split('\n');
    header = first.split(',');
    lines = rest.map((line) => line.split(','));
  });
  afterAll(async () => {
    await judge[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  async function judged(table: readonly (readonly string[])[], columns = header) {
    const file = join(directory, 'table.csv');
    await writeFile(file, [columns, ...table].map((line) => line.join(',')).join('\n'));
    return judge.compare(file);
  }

  /** The table with one value of its first line replaced. */
  function withValue(column: string, change: (value: string) => string): string[][] {
    const at = header.indexOf(column);
    return lines.map((line, row) =>
      row === 0 ? line.with(at, change(line[at] ?? '')) : [...line],
    );
  }

  it('finds nothing wrong with a table that is right', async () => {
    expect(await judged(lines)).toEqual({ buckets: lines.length, ...right, firstMismatch: '' });
    expect(lines.length).toBeGreaterThan(50);
  });

  it.each([
    'row_count',
    'min_delay',
    'max_delay',
    'sum_delay',
    'count_delay',
    'min_distance',
    'max_distance',
    'sum_distance',
    'count_distance',
  ])('finds a %s that is one off', async (column) => {
    const table = withValue(column, (value) => String(BigInt(value) + 1n));
    expect(await judged(table)).toMatchObject({ ...right, different: 1 });
  });

  it.each(['avg_delay', 'avg_distance'])('finds a %s beyond 1e-12', async (column) => {
    const table = withValue(column, (value) => String(Number(value) * (1 + 4e-12)));
    expect(await judged(table)).toMatchObject({ ...right, different: 1 });
  });

  it('takes an average that differs in its last digit', async () => {
    const table = withValue('avg_distance', (value) => String(Number(value) * (1 + 3e-16)));
    expect(await judged(table)).toMatchObject(right);
  });

  it('finds a value that is not there', async () => {
    expect(await judged(withValue('avg_delay', () => ''))).toMatchObject({
      ...right,
      different: 1,
    });
  });

  it('finds a bucket that is missing, one that nobody expects, and one that is there twice', async () => {
    expect(await judged(lines.slice(1))).toMatchObject({
      ...right,
      missing: 1,
      firstMismatch: '2001-01-01 00:00:00 ABE',
    });
    const stranger = (lines[0] ?? []).with(1, '???');
    expect(await judged([...lines, stranger])).toMatchObject({ ...right, unexpected: 1 });
    expect(await judged([...lines, lines[0] ?? []])).toMatchObject({ ...right, unexpected: 1 });
  });

  it('refuses a column it does not know, and misses one that is gone', async () => {
    const wider = lines.map((line) => [...line, '1']);
    await expect(judged(wider, [...header, 'mode_destination'])).rejects.toThrow(
      /mode_destination/,
    );
    const narrower = lines.map((line) => line.slice(0, -1));
    expect(await judged(narrower, header.slice(0, -1))).toMatchObject({ different: lines.length });
  });

  it('applies the change by itself', async () => {
    const firstDay = new Date('2001-01-01T00:00:00Z');
    const change = planChange({ firstDay, days: 1, lateRows: 50, seed: 1 });
    const signal = new AbortController().signal;
    await using changed = await openJudge({ change, directory, rows, signal });
    // All flights of the first 3,000 from ORD leave on the first day; the late ones from there go with them.
    const fromOrd = lines
      .filter((line) => line[1] === 'ORD')
      .reduce((sum, line) => sum + Number(line[2]), 0);
    const lateFromOrd = change.late.origin.filter((origin) => origin === 'ORD').length;
    expect(fromOrd).toBeGreaterThan(0);
    expect(await changed.countSource()).toBe(rows - fromOrd + 50 - lateFromOrd);
  });
});
