import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { chunkIds, runChunks, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { configOf } from '../call-results.ts';

const database = useDatabase();
const hourly = () => configOf(database, 'public.hourly');

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
});

it('before anything was computed: idle, nobody, no watermark', async () => {
  expect(await hourly()).toMatchObject({
    status: 'idle',
    worker_id: null,
    retry_count: 0,
    last_processed_time: null,
    processing_window: null,
    avg_duration_ms: null,
    avg_rows: null,
  });
});

it('planned: the window in force is shown; idle until a chunk runs', async () => {
  await tick(database, 100_000);
  expect(await hourly()).toMatchObject({
    status: 'idle',
    worker_id: null,
    processing_window: '01:00:00',
  });
});

it('while chunks run: processing, and the worker that started last; others see it', async () => {
  const [first, second] = await chunkIds(database);
  await database.query(`select silver.start_chunk($1, 'worker one', 1, null)`, [first?.chunk_id]);
  expect(await hourly()).toMatchObject({
    status: 'processing',
    worker_id: 'worker one',
    retry_count: 0,
  });
  await database.query(`select silver.start_chunk($1, 'worker two', 1, null)`, [second?.chunk_id]);
  const runner = await database.connect();
  await runner.query('begin');
  await runner.query(`select silver.run_chunk($1, 'worker two', 1)`, [second?.chunk_id]);
  expect(await hourly()).toMatchObject({
    status: 'processing',
    worker_id: 'worker two',
    last_processed_time: null,
  });
  await runner.query('commit');
  // The second is done, the first still runs; the watermark waits for it.
  expect(await hourly()).toMatchObject({
    status: 'processing',
    worker_id: 'worker one',
    last_processed_time: null,
  });
});

it('after a failure: error, nobody, and how often', async () => {
  const [first] = await chunkIds(database);
  await database.query(`select silver.fail_chunk($1, 'worker one', 1, '{"message": "no"}')`, [
    first?.chunk_id,
  ]);
  expect(await hourly()).toMatchObject({ status: 'error', worker_id: null, retry_count: 0 });
  await database.query(`select silver.start_chunk($1, 'worker one', 3, null)`, [first?.chunk_id]);
  expect(await hourly()).toMatchObject({
    status: 'processing',
    worker_id: 'worker one',
    retry_count: 2,
  });
});

it('the watermark is the end of what is covered without a gap', async () => {
  await runChunks(database);
  await settle(database);
  const { last_processed_time: end } = await hourly();
  expect(
    await database.query(
      `select upper(covered)::text as covered, silver.due_until(1)::text as due from silver.timeseries_progress`,
    ),
  ).toEqual([{ covered: end, due: end }]);
  expect(await hourly()).toMatchObject({ status: 'idle', worker_id: null, retry_count: 0 });
});

it('a backfill of before the start never moves it', async () => {
  const before = await hourly();
  await database.query(
    `update silver.timeseries_progress set wanted = wanted + '{[1999-01-01 00:00Z,1999-01-02 00:00Z)}'`,
  );
  await settle(database);
  expect(
    await database.query(
      `select covered @> timestamptz '1999-01-01Z' as done from silver.timeseries_progress`,
    ),
  ).toEqual([{ done: true }]);
  expect(await hourly()).toMatchObject({ last_processed_time: before['last_processed_time'] });
});

it('late work does not move it back', async () => {
  const before = await hourly();
  await database.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  await tick(database);
  expect(await hourly()).toMatchObject({ last_processed_time: before['last_processed_time'] });
  await settle(database);
});

it('a pause shows, and its end too, by itself', async () => {
  await database.query(`select silver.pause_rollup('public.hourly', now() + interval '1 day')`);
  expect(await hourly()).toMatchObject({ status: 'paused' });
  await database.query(
    `update silver.timeseries_rollup_config set paused_until = now() - interval '1 microsecond'`,
  );
  expect(await database.query('select source_name from silver.due_sources()')).toHaveLength(1);
  await tick(database);
  expect(await hourly()).toMatchObject({ status: 'idle' });
  expect(await database.query('select source_name from silver.due_sources()')).toEqual([]);
});

it('updated_at says when it changed last, and stands still when nothing does', async () => {
  const before = await hourly();
  await settle(database);
  await database.query('select silver.show_rollup_state(1)');
  expect(await hourly()).toEqual(before);
});

it.each([
  ['status', `'busy'`],
  ['retry_count', '-1'],
  ['look_back_window', `'-1 hour'`],
  ['safety_buffer', `'-1 s'`],
  ['retention_period', `'0'`],
  ['freeze_after', `'-1 day'`],
  ['partition_interval', `'0'`],
  ['processing_window', `'0'`],
  ['target_chunk_duration', `'0'`],
  ['priority', '1001'],
  ['max_in_flight', '0'],
  ['max_retries', '-1'],
  ['retry_delay', `'0'`],
  ['stale_after', `'0'`],
  ['alert_threshold', `'0'`],
  ['work_mem', `'many'`],
  ['mode', `'guess'`],
])('a %s of %s is refused', async (column, value) => {
  await expect(
    database.query(`update silver.timeseries_rollup_config set ${column} = ${value}`),
  ).rejects.toMatchObject({ code: '23514' });
});

it.each([
  [`insert into silver.timeseries_progress (rollup_id, wanted) values (99, '{}')`, '23503'],
  [
    `update silver.timeseries_progress set covered = covered + '{[1990-01-01Z,1990-01-02Z)}'`,
    '23514',
  ],
  [`update silver.timeseries_progress set dirty = dirty + '{[1990-01-01Z,1990-01-02Z)}'`, '23514'],
  [
    `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason) values (99, '{[1990-01-01Z,1990-01-02Z)}', 1, 'forward')`,
    '23503',
  ],
  [
    `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason) values (1, '{}', 1, 'forward')`,
    '23514',
  ],
  [`insert into silver.timeseries_error_log (rollup_id, error_message) values (99, 'x')`, '23503'],
  [`insert into silver.timeseries_error_log (rollup_id, error_message) values (1, null)`, '23502'],
  [
    `insert into silver.timeseries_dimension_config (source_table, dimension_column) values ('public.readings', null)`,
    '23502',
  ],
  [
    `insert into silver.timeseries_dimension_config (source_table, dimension_column) values ('public.nothing', 'x')`,
    '42P01',
  ],
  [`delete from silver.timeseries_tracked_source`, '23503'],
  [`update silver.timeseries_rollup_config set target_table = source_table`, '23514'],
])('the database refuses %s', async (statement, code) => {
  await expect(database.query(statement)).rejects.toMatchObject({ code });
});
