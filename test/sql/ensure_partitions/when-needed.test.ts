import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';
import { partitionsOf } from '../recent-readings.ts';

const database = useDatabase();

const ensure = (ranges: string) =>
  database.query<{ made: number }>(`select silver.ensure_partitions(1, $1) as made`, [ranges]);
const bounds = () =>
  database.query(
    `select partition::text as name, lower_at::text as from, upper_at::text as to from silver.partition_bounds('public.daily') order by lower_at`,
  );

beforeAll(async () => {
  await database.query(
    `set timezone = 'UTC';
     create table public.readings (at timestamptz not null, n integer); create index on public.readings (at);
     insert into public.readings values ('2024-02-29 12:00Z', 1), ('1969-07-20 20:17Z', 2);
     select silver.create_rollup_table('public.readings', 'public', 'daily', '1 day', start_from => '2024-01-01Z', partition_interval => '1 month');`,
  );
});

it('a past range gets its partitions when a chunk finds rows there, named by time so that they sort', async () => {
  await callRollups(database, 'perform_rollup');
  expect(await bounds()).toContainEqual({
    name: 'daily_p20240201',
    from: '2024-02-01 00:00:00+00',
    to: '2024-03-01 00:00:00+00',
  });
  const names = await partitionsOf(database, 'public.daily');
  expect(names).toEqual(names.toSorted());
});

it('a backfill of before the start gets its own, before 1970 too', async () => {
  await database.query(
    `update silver.timeseries_progress set wanted = wanted + '{[1969-07-01 00:00Z,1969-08-01 00:00Z)}'`,
  );
  await callRollups(database, 'perform_rollup');
  expect(
    await database.query(
      `select timestamp::text, row_count::int as rows from public.daily order by 1`,
    ),
  ).toEqual([
    { timestamp: '1969-07-20 00:00:00+00', rows: 1 },
    { timestamp: '2024-02-29 00:00:00+00', rows: 1 },
  ]);
  expect((await bounds())[0]).toMatchObject({ name: 'daily_p19690701' });
});

it('there is no default partition', async () => {
  expect(
    await database.query(
      `select from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'public.daily'::regclass and pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'`,
    ),
  ).toEqual([]);
});

it('what is there is not made again, also from two sessions at once', async () => {
  expect(await ensure('{[2024-02-01,2024-03-01)}')).toEqual([{ made: 0 }]);
  const [one, two] = [await database.connect(), await database.connect()];
  await one.query('begin');
  const first = await one.query(
    `select silver.ensure_partitions(1, '{[2022-01-01,2022-03-01)}') as made`,
  );
  const second = two.query(
    `select silver.ensure_partitions(1, '{[2022-02-01,2022-04-01)}') as made`,
  );
  await one.query('commit');
  expect(first.rows).toEqual([{ made: 2 }]);
  expect((await second).rows).toEqual([{ made: 1 }]);
});

it.each([
  [
    'wider',
    '3 months',
    '{[2021-01-01,2021-07-01)}',
    '{[2021-02-01,2021-03-01),[2021-05-01,2021-06-01)}',
  ],
  ['narrower', '7 days', '{[2020-01-01,2020-03-01)}', '{[2020-01-15,2020-02-01)}'],
])('a %s interval fills the gaps between the old ones', async (_name, interval, whole, old) => {
  await database.query(`update silver.timeseries_rollup_config set partition_interval = '1 month'`);
  await ensure(old);
  await database.query(`update silver.timeseries_rollup_config set partition_interval = $1`, [
    interval,
  ]);
  await ensure(whole);
  expect(
    await database.query(
      `select $1::tstzmultirange <@ range_agg(tstzrange(lower_at, upper_at)) as covered from silver.partition_bounds('public.daily')`,
      [whole],
    ),
  ).toEqual([{ covered: true }]);
  const names = await partitionsOf(database, 'public.daily');
  expect(new Set(names).size).toBe(names.length);
});

it('more than a thousand at once are refused, with the remedy; so is a range without end', async () => {
  await database.query(`update silver.timeseries_rollup_config set partition_interval = '1 day'`);
  await expect(ensure('{[2000-01-01,2010-01-01)}')).rejects.toMatchObject({
    code: '54000',
    hint: expect.stringContaining('partition_interval'),
  });
  await expect(ensure('{[2000-01-01,)}')).rejects.toMatchObject({ code: '22023' });
});
