import { beforeEach, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { chunkIds, settle, tick } from '../../support/drive.ts';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(
    `select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
  );
  await settle(database);
  return () => database.drop();
});

const drop = (target: string, table = false) =>
  database.query('select silver.drop_rollup($1, $2)', [target, table]);

/** What of Silver is left in the database beside its own fixed objects. */
const left = () =>
  database.query(
    `select 'config ' || target_table::text as left from silver.timeseries_rollup_config
     union all select 'source ' || source_table::text from silver.timeseries_tracked_source
     union all select 'chunk' from silver.timeseries_chunk union all select 'progress' from silver.timeseries_progress
     union all select 'log' from silver.timeseries_refresh_log union all select 'entry' from silver.timeseries_invalidation_log
     union all select 'function ' || proname from pg_proc where proname ~ '^(track|live|track_move|track_apply)_[0-9]+$'
     union all select 'trigger ' || tgname from pg_trigger where tgname like '%silver%' and not tgisinternal
     union all select 'view ' || viewname from pg_views where schemaname = 'public'`,
  );

it('a parent is refused while it has children, which are named', async () => {
  await expect(drop('public.hourly')).rejects.toMatchObject({
    code: '2BP01',
    message: 'target_table_name: hourly is the source of daily',
    hint: 'Drop those rollups first.',
  });
  expect(await left()).toContainEqual({ left: 'config hourly' });
});

it('from the last one on nothing is left but the tables, with their rows', async () => {
  await drop('public.daily');
  await drop('public.hourly');
  expect(await left()).toEqual([]);
  expect(await database.query('select count(*)::int as rows from public.hourly')).toEqual([
    { rows: 72 },
  ]);
  // They are tables like any other.
  await database.query(`insert into public.readings values ('2001-01-01Z', 'd0', 1)`);
  await database.query('drop table public.hourly, public.daily');
});

it('waits for maintenance of the table it drops, and neither runs into the other', async () => {
  await drop('public.daily');
  const maintenance = await database.connect();
  const id = `(select rollup_id from silver.timeseries_rollup_config where target_table = 'public.hourly'::regclass)`;
  await maintenance.query(`begin; select silver.analyze_target(${id})`);
  const dropper = await database.connect();
  const dropped = dropper.query(`select silver.drop_rollup('public.hourly', true)`);
  await waitUntil(
    'it waits',
    async () =>
      (
        await database.query(`select from pg_locks where not granted and database = (
        select oid from pg_database where datname = current_database())`)
      ).length > 0,
  );
  await maintenance.query(
    `select silver.log_maintenance(${id}, 'analyze', 'hourly', null, null, now()); commit`,
  );
  await dropped;
  expect(await left()).toEqual([]);
});

it('nor of a late row that was being written meanwhile', async () => {
  await drop('public.daily');
  const writer = await database.connect();
  await writer.query(`begin; insert into public.readings values ('2001-01-01Z', 'd0', 1)`);
  const other = await database.connect();
  const dropping = other.query(`select silver.drop_rollup('public.hourly')`);
  await waitUntil('it waits for the writer', async () =>
    database
      .query(`select from pg_locks where relation = 'public.readings'::regclass and not granted`)
      .then((rows) => rows.length > 0),
  );
  await writer.query('commit');
  await dropping;
  expect(await left()).toEqual([]);
});

it('drop_table drops the target as well', async () => {
  await drop('public.daily', true);
  expect(await database.query(`select to_regclass('public.daily') as there`)).toEqual([
    { there: null },
  ]);
});

it('the same target can be declared again, and is filled from scratch', async () => {
  await drop('public.daily', true);
  await database.query(
    `select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
  );
  await settle(database);
  expect(await database.query('select sum(row_count)::int as rows from public.daily')).toEqual([
    { rows: 1440 },
  ]);
});

it('what depends on its live view is named, and nothing is dropped', async () => {
  await database.query('create view public.mine as select * from public.daily_live');
  await expect(drop('public.daily')).rejects.toMatchObject({
    code: '2BP01',
    detail: expect.stringContaining('mine'),
  });
  expect(await left()).toContainEqual({ left: 'config daily' });
});

it('a chunk that runs is not cut off: an error after five seconds, and what to do', async () => {
  await database.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
  await tick(database);
  const [chunk] = await chunkIds(database);
  const worker = await database.connect();
  await worker.query('begin');
  await worker.query('select from silver.timeseries_chunk where chunk_id = $1 for update', [
    chunk?.chunk_id,
  ]);
  await drop('public.daily');
  await expect(drop('public.hourly')).rejects.toMatchObject({
    code: '55P03',
    message: 'hourly is being planned or computed',
    hint: expect.stringContaining(`silver.pause_rollup('hourly')`),
  });
  await worker.query('commit');
  await drop('public.hourly');
});

it('one whose tables were dropped behind its back goes by its number', async () => {
  await drop('public.daily', true);
  await database.query('drop table public.readings, public.hourly cascade');
  const [row] = await database.query<{ number: string }>(
    'select target_table::oid::text as number from silver.timeseries_rollup_config',
  );
  await drop(row?.number ?? '');
  expect(await left()).toEqual([]);
});

it.each([
  ['public.readings', '22023'],
  ['public.nothing', '42P01'],
  ['4294967295', '22023'],
  ['99999999999', '42P01'],
])('refuses %s', async (target, code) => {
  await expect(drop(target)).rejects.toMatchObject({
    code,
    message: expect.stringContaining('target_table_name'),
  });
});
