import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, configOf } from '../call-results.ts';
import { createRecentReadings, type MaintenanceEntry, partitionsOf } from '../recent-readings.ts';

const database = useDatabase();

const apply = (table?: string) =>
  database.query<MaintenanceEntry>(
    `select * from silver.apply_retention(${table === undefined ? '' : '$1'})`,
    table === undefined ? [] : [table],
  );
const daily = () =>
  database.query(`select timestamp, device, row_count from public.daily order by 1, 2`);
const progress = (target: string) =>
  database.query(
    `select wanted::text, covered::text, dirty::text from silver.timeseries_progress
     where rollup_id = (select rollup_id from silver.timeseries_rollup_config where target_table = $1::regclass)`,
    [target],
  );
let expired: string[];
let before: unknown[];

beforeAll(async () => {
  await createRecentReadings(database);
  const rows = await database.query<{ name: string }>(
    `select partition::text as name from silver.partition_bounds('public.hourly') where upper_at <= now() - interval '5 days' order by lower_at`,
  );
  expired = rows.map(({ name }) => name);
  before = await daily();
});

it('drops whole partitions that end before the period, says which, and keeps the others', async () => {
  const all = await partitionsOf(database, 'public.hourly');
  expect(expired.length).toBeGreaterThanOrEqual(4);
  const source = await database.query('select count(*), max(ctid) from public.readings');
  const done = await apply();
  expect(done.map(({ action, object_name: name }) => [action, name])).toEqual(
    expired.map((name) => ['drop partition', `public.${name}`]),
  );
  expect(done[0]).toMatchObject({
    detail: expect.stringMatching(/^from .* to /),
    affected_rows: '0', // Never analyzed: an estimate by the planner's statistics.
    rollup_id: 1,
  });
  expect(await partitionsOf(database, 'public.hourly')).toEqual(
    all.filter((name) => !expired.includes(name)),
  );
  // The source is never touched.
  expect(await database.query('select count(*), max(ctid) from public.readings')).toEqual(source);
});

it('shortens what is wanted and covered to what is there, and the watermark stays', async () => {
  const [{ cut } = { cut: '' }] = await database.query<{ cut: string }>(
    `select min(lower_at)::text as cut from silver.partition_bounds('public.hourly')`,
  );
  const [row] = await database.query(
    `select lower(wanted)::text as wanted, lower(covered)::text as covered, isempty(dirty) as clean, upper(covered)::text as watermark
     from silver.timeseries_progress where rollup_id = 1`,
  );
  expect(row).toMatchObject({ wanted: cut, covered: cut, clean: true });
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    last_processed_time: row?.['watermark'],
    status: 'idle',
  });
});

it('leaves a child what it has of that time, and its live view shows it', async () => {
  expect(await daily()).toEqual(before);
  const live = await database.query(
    `select timestamp, device, row_count from public.daily_live where timestamp < now() - interval '6 days' order by 1, 2`,
  );
  expect(live).toEqual(
    before.filter(
      (row) => Number((row as { timestamp: Date }).timestamp) < Date.now() - 6 * 86_400_000,
    ),
  );
  expect(live.length).toBeGreaterThan(0);
});

it('neither computes it again nor misses it', async () => {
  const known = await progress('public.hourly');
  expect(await callRollups(database, 'perform_rollup')).toEqual([]);
  expect(await progress('public.hourly')).toEqual(known);
  expect(
    await database.query(
      `select from public.hourly_live where timestamp < (select min(lower_at) from silver.partition_bounds('public.hourly'))`,
    ),
  ).toEqual([]);
});

it('a late row of that time changes neither, for its source is partly gone; the child counts it', async () => {
  await database.query(
    `insert into public.readings values (date_trunc('day', now(), 'UTC') - interval '9 days', 'a', 1000)`,
  );
  await callRollups(database, 'perform_rollup');
  await callRollups(database, 'perform_rollup');
  expect(await daily()).toEqual(before);
  expect(await partitionsOf(database, 'public.hourly')).not.toContain(expired[0]);
});

it('does nothing the next time', async () => {
  expect(await apply()).toEqual([]);
});

it('wrote down what it did', async () => {
  const logged = await database.query<MaintenanceEntry>(
    `select action, object_name, finished_at >= started_at as ordered from silver.timeseries_maintenance_log order by maintenance_id`,
  );
  expect(logged).toEqual(
    expired.map((name) => ({
      action: 'drop partition',
      object_name: `public.${name}`,
      ordered: true,
    })),
  );
});

it.each([
  ['public.nothing', '42P01', 'target_table_name: there is no table public.nothing'],
  ['public.readings', '22023', 'target_table_name: readings is not the target of a rollup'],
])('refuses %s', async (table, code, message) => {
  await expect(apply(table)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});
