import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { callRollups } from '../call-results.ts';

const database = useDatabase();

const names = async (pattern: string): Promise<unknown[]> =>
  (
    await database.query('select schema_name, table_name from silver.get_detailed_stats($1)', [
      pattern,
    ])
  ).map((row) => `${row['schema_name']}.${row['table_name']}`);

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await callRollups(database, 'perform_rollup');
  await database.query(
    `create schema "Odd; schema";
     create table "Odd; schema"."a_Timeseries" (n integer);
     create table "Odd; schema"."aXTimeseries" (n integer);
     create table public.met_timeseries (n integer);
     create temporary table passing_timeseries (n integer);
     analyze;`,
  );
});

it('takes a pattern of LIKE for the name, or for schema and name', async () => {
  expect(await names('%_timeseries')).toEqual(['public.met_timeseries']);
  expect(await names('a_Timeseries')).toEqual([
    'Odd; schema.aXTimeseries',
    'Odd; schema.a_Timeseries',
  ]);
  expect(await names('a\\_Timeseries')).toEqual(['Odd; schema.a_Timeseries']);
  expect(await names('Odd; schema.%')).toEqual([
    'Odd; schema.aXTimeseries',
    'Odd; schema.a_Timeseries',
  ]);
  expect(await names('nothing')).toEqual([]);
});

it("finds neither PostgreSQL's tables nor Silver's, and no partition by itself", async () => {
  expect(await names('%')).toEqual(
    expect.arrayContaining(['public.hourly', 'public.readings', 'public.met_timeseries']),
  );
  expect((await names('%')).filter((name) => /pg_|silver\.|hourly_p/.test(String(name)))).toEqual(
    [],
  );
});

it('sums up a partitioned table exactly, and says what it is to Silver', async () => {
  const [row] = await database.query(
    `select s.*, s.total_bytes = (select sum(pg_total_relation_size(t.relid)) from pg_partition_tree('public.hourly') t) as summed,
       s.total_bytes = s.table_bytes + s.index_bytes + s.toast_bytes as adds_up, s.total_size = pg_size_pretty(s.total_bytes) as pretty
     from silver.get_detailed_stats('hourly') s`,
  );
  expect(row).toMatchObject({
    schema_name: 'public',
    table_name: 'hourly',
    role: 'target',
    row_estimate: '72',
    summed: true,
    adds_up: true,
    pretty: true,
  });
  expect(Number(row?.['partitions'])).toBeGreaterThan(0);
  expect(
    await database.query(
      `select role, partitions::int, row_estimate::int from silver.get_detailed_stats('readings')`,
    ),
  ).toEqual([{ role: 'source', partitions: 0, row_estimate: 1440 }]);
  expect(await database.query(`select role from silver.get_detailed_stats('met%')`)).toEqual([
    { role: null },
  ]);
});

it('counts rows of partitions of partitions once', async () => {
  await database.query(
    `create table public.deep (at timestamptz, place text) partition by range (at);
     create table public.deep_1 partition of public.deep for values from ('2001-01-01Z') to ('2002-01-01Z') partition by list (place);
     create table public.deep_1_a partition of public.deep_1 for values in ('a');
     create table public.deep_1_b partition of public.deep_1 for values in ('b');
     insert into public.deep select '2001-05-05Z', 'a' from generate_series(1, 50);
     insert into public.deep select '2001-05-05Z', 'b' from generate_series(1, 30);
     analyze public.deep;`,
  );
  expect(
    await database.query(
      `select partitions::int, row_estimate::int from silver.get_detailed_stats('deep')`,
    ),
  ).toEqual([{ partitions: 2, row_estimate: 80 }]);
});

it('counts what was written and read, with rates since when it is counted', async () => {
  const [row] = await waitUntil('the counters have arrived', async () => {
    const rows = await database.query(
      `select rows_inserted::int, counted_since is not null as dated, rows_written_per_second_estimate > 0 as rate,
         cache_hit_ratio between 0 and 1 as ratio, blocks_hit > 0 as read
       from silver.get_detailed_stats('hourly')`,
    );
    return rows[0]?.['rows_inserted'] === 72 && rows[0]?.['read'] === true && rows;
  });
  expect(row).toEqual({ rows_inserted: 72, dated: true, rate: true, ratio: true, read: true });
});

it('refuses null, and a pattern that ends in a backslash', async () => {
  await expect(database.query('select silver.get_detailed_stats(null)')).rejects.toMatchObject({
    code: '22004',
    message: expect.stringContaining('table_pattern'),
  });
  await expect(names('x\\')).rejects.toMatchObject({ code: '22025' });
});
