import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

async function plan(expression: string): Promise<string> {
  await database.query('create table if not exists public.reading (at timestamptz, n integer)');
  const rows = await database.query<{ 'QUERY PLAN': string }>(
    `explain (verbose, costs off) select ${expression} as start, sum(n) from public.reading group by 1`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

it.each([
  `silver.time_bucket('0.5 s', at)`,
  `silver.time_bucket('15 minutes', at)`,
  `silver.time_bucket('1 day', at)`,
  `silver.time_bucket('7 days', at, 'UTC', '2020-01-01Z')`,
  `silver.time_bucket('1 hour', at, 'Asia/Kolkata')`,
])('%s is a bare date_bin', async (expression) => {
  const text = await plan(expression);
  expect(text).toMatch(
    /Group Key: date_bin\('[^']+'::interval, reading\.at, '[^']+'::timestamp with time zone\)$/m,
  );
  expect(text).not.toMatch(/silver\.|CASE/);
});

it.each([
  `silver.time_bucket('1 day', at, 'Europe/Berlin')`,
  `silver.time_bucket('7 days', at, 'America/Havana', '2020-01-01Z')`,
  `silver.time_bucket('1 month', at)`,
  `silver.time_bucket('1 month', at, 'Europe/Berlin')`,
  `silver.time_bucket('3 months', at, 'Europe/Berlin')`,
  `silver.time_bucket('1 year', at, 'UTC', '2020-04-06Z')`,
])('%s is left with expressions of PostgreSQL alone', async (expression) => {
  expect(await plan(expression)).not.toMatch(/silver\./);
});

it('is immutable and parallel safe, and so fit for an index', async () => {
  await plan('null');
  await database.query(
    `create index on public.reading (silver.time_bucket('1 day', at, 'Europe/Berlin'))`,
  );
  expect(
    await database.query(
      `select distinct provolatile, proparallel from pg_proc where proname in ('time_bucket', 'local_bucket')`,
    ),
  ).toEqual([{ provolatile: 'i', proparallel: 's' }]);
});
