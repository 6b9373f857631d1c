import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { chunkIds, runChunks, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { configOf } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 60);
  await declareHourly(database);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
});

const log = async (reason: string, durationMs: number, read: number, buckets: number) => {
  await database.query(
    `select silver.log_rollup_success(1, row(7, 1, '{[2001-01-01 00:00Z,2001-01-01 01:00Z)}', $4::bigint, $1::text, 'running', 1, 'w', gen_random_uuid(), '00-aa-bb-01', now(), now())::silver.timeseries_chunk,
       'worker', 2, now() - interval '3 seconds', $2, $3, 4, 5, 6)`.replace(
      /row\(.*?\)::silver\.timeseries_chunk/s,
      `(select c from jsonb_populate_record(null::silver.timeseries_chunk, jsonb_build_object('chunk_id', 7, 'rollup_id', 1,
         'ranges', '{["2001-01-01 00:00+00","2001-01-01 01:00+00")}', 'buckets', $4::bigint, 'reason', $1::text, 'trace', '00-aa-bb-01')) c)`,
    ),
    [reason, durationMs, read, buckets],
  );
  const {
    avg_duration_ms: duration,
    avg_rows: rows,
    avg_buckets: width,
  } = await configOf(database, 'public.hourly');
  return [duration, rows, width];
};

it('the first chunk sets the moving averages, each later one weighs a third', async () => {
  expect(await log('forward', 90, 600, 10)).toEqual([90, 600, 10]);
  const [duration, rows, width] = await log('forward', 180, 1200, 40);
  expect(duration).toBeCloseTo(120, 9);
  expect(rows).toBeCloseTo(800, 9);
  expect(width).toBeCloseTo(20, 9);
});

it('late chunks of scattered buckets do not move them, nor do empty ones once there were rows', async () => {
  const before = await log('forward', 100, 900, 20);
  expect(await log('late', 100_000, 5, 1)).toEqual(before);
  expect(await log('repair', 100_000, 5, 1)).toEqual(before);
  expect(await log('forward', 1, 0, 100_000)).toEqual(before);
});

it('writes a row with every figure of the chunk', async () => {
  await log('late', 12.5, 77, 3);
  const [row] = await database.query(
    `select *, ranges::text, finished_at >= started_at as ordered from silver.timeseries_refresh_log order by refresh_id desc limit 1`,
  );
  expect(row).toMatchObject({
    rollup_id: 1,
    chunk_id: '7',
    reason: 'late',
    buckets: '3',
    attempt: 2,
    worker_id: 'worker',
    duration_ms: 12.5,
    rows_read: '77',
    rows_inserted: '4',
    rows_updated: '5',
    rows_deleted: '6',
    trace: '00-aa-bb-01',
    ordered: true,
  });
});

it('is called in the transaction of a real chunk, whose row says what it did', async () => {
  await database.query('delete from silver.timeseries_refresh_log');
  await settle(database);
  await database.query(`analyze public.hourly`);
  await database.query(
    `insert into public.readings values ('2001-01-01 05:00:30Z', 'new', 1);
     update public.readings set value = 50 where at = '2001-01-01 05:03Z';
     delete from public.readings where at >= '2001-01-01 05:00Z' and at < '2001-01-01 06:00Z' and device = 'd1';`,
  );
  await tick(database);
  const [chunk] = await chunkIds(database);
  await runChunks(database);
  const [row] = await database.query(
    `select *, duration_ms between 0 and extract(epoch from finished_at - started_at) * 1000 + 1 as timely
     from silver.timeseries_refresh_log where chunk_id = $1`,
    [chunk?.chunk_id],
  );
  expect(row).toMatchObject({
    reason: 'late',
    attempt: 1,
    worker_id: 'test',
    buckets: '1',
    rows_read: '41',
    rows_inserted: '1',
    rows_updated: '1',
    rows_deleted: '1',
    target_rows_estimate: '180',
    timely: true,
  });
  expect(Number(row?.['target_bytes'])).toBeGreaterThan(0);
});
