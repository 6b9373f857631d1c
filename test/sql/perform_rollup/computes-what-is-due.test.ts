import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, configOf } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 48);
  await declareHourly(database);
  await database.query(
    `select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
  );
  await database.query(
    `create table public.other (at timestamptz not null, n integer); create index on public.other (at);
     insert into public.other values ('2001-01-01 00:30Z', 1);
     select silver.create_rollup_table('public.other', 'public', 'other_hourly', '1 hour', start_from => '2001-01-01Z');`,
  );
});

it('computes a target alone, and its child not', async () => {
  expect(await callRollups(database, 'perform_rollup', 'public.hourly')).toMatchObject([
    { target_table: 'public.hourly', failed: 0, rows_read: 48 * 60, rows_written: 48 * 3 },
  ]);
  expect(await mismatches(database)).toEqual([]);
  expect(await database.query('select from public.daily')).toEqual([]);
});

it('moves the watermark to the end of what has fallen due', async () => {
  const [{ due } = { due: '' }] = await database.query<{ due: string }>(
    `select date_trunc('hour', now() - interval '1 hour')::text as due`,
  );
  expect(await configOf(database, 'public.hourly')).toMatchObject({ last_processed_time: due });
});

it('computes all rollups of a source, and theirs in turn, when named the source', async () => {
  await database.query(`insert into public.readings values ('2001-01-02 00:00:30Z', 'd0', 7)`);
  const done = await callRollups(database, 'perform_rollup', 'public.readings');
  expect(done).toMatchObject([
    { target_table: 'public.daily', failed: 0 },
    { target_table: 'public.hourly', failed: 0, rows_written: 1 },
  ]);
  expect(await mismatches(database)).toEqual([]);
  expect(
    await database.query(
      `select timestamp::date::text as day, sum(row_count)::int as rows from public.daily group by 1 order by 1`,
    ),
  ).toEqual([
    { day: '2001-01-01', rows: 1440 },
    { day: '2001-01-02', rows: 1441 },
  ]);
});

it('computes every rollup when named none, parents before children', async () => {
  await database.query(`insert into public.readings values ('2001-01-02 23:59:30Z', 'd1', 9)`);
  expect((await callRollups(database, 'perform_rollup')).map((row) => row.target_table)).toEqual([
    'public.daily',
    'public.hourly',
    'public.other_hourly',
  ]);
  expect(await database.query(`select sum(row_count)::int as rows from public.daily`)).toEqual([
    { rows: 2882 },
  ]);
});

it('finds nothing to do the next time', async () => {
  // What was computed provisionally is settled by the next call; then there is nothing left.
  await callRollups(database, 'perform_rollup');
  expect(await callRollups(database, 'perform_rollup')).toEqual([]);
});

it('leaves the order of time alone: an empty source settles to the present, and nothing is null', async () => {
  await database.query(
    `create table public.silent (at timestamptz not null, n integer); create index on public.silent (at);
     select silver.create_rollup_table('public.silent', 'public', 'silent_hourly', '1 hour', start_from => now() - interval '5 hours');`,
  );
  await callRollups(database, 'perform_rollup', 'public.silent');
  const [{ due } = { due: '' }] = await database.query<{ due: string }>(
    `select date_trunc('hour', now() - interval '1 hour')::text as due`,
  );
  expect(await configOf(database, 'public.silent_hourly')).toMatchObject({
    last_processed_time: due,
  });
});

it.each([
  ['public.nothing', '42P01', 'specific_table: there is no table public.nothing'],
  [
    'silver.migration',
    '22023',
    'specific_table: silver.migration is neither the source nor the target of a rollup',
  ],
  ['a.b.c.d.e', '42602', 'specific_table'],
  ['"', '^(42602|42P01)$', 'specific_table'], // PostgreSQL 18 finds no table of that name; 15 finds no name in it.
  ['', '42602', 'specific_table'],
])('refuses %j with SQLSTATE %s', async (table, code, message) => {
  await expect(callRollups(database, 'perform_rollup', table)).rejects.toMatchObject({
    code: expect.stringMatching(code),
    message: expect.stringContaining(message),
    hint: expect.stringMatching(/./),
  });
});
