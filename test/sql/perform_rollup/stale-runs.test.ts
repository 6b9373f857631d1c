import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { chunkIds, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, configOf } from '../call-results.ts';

const database = useDatabase();

/** What a worker leaves that announced an attempt so long ago and was killed. */
async function leaveRunning(age: string, attempt = 1): Promise<string> {
  await tick(database);
  const [chunk] = await chunkIds(database);
  await database.query(`select silver.start_chunk($1, 'ghost', $2, null)`, [
    chunk?.chunk_id,
    attempt,
  ]);
  await database.query(
    `update silver.timeseries_chunk set planned_at = now() - $1::interval, started_at = now() - $1::interval`,
    [age],
  );
  return chunk?.chunk_id ?? '';
}

const errors = () =>
  database.query(
    'select worker_id, attempt, error_message, chunk_id::text from silver.timeseries_error_log order by error_id',
  );

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
});

it('leaves a run alone that began less than stale_after ago', async () => {
  await leaveRunning('29 minutes');
  expect(await callRollups(database, 'perform_rollup')).toEqual([]);
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'processing',
    worker_id: 'ghost',
    stale_after: { minutes: 30 },
  });
});

it('leaves a run alone that is old and still holds its chunk', async () => {
  await database.query(
    `update silver.timeseries_chunk set planned_at = now() - interval '2 hours', started_at = now() - interval '2 hours'`,
  );
  const worker = await database.connect();
  await worker.query('begin');
  await worker.query('select from silver.timeseries_chunk for update');
  expect(await callRollups(database, 'perform_rollup')).toEqual([]);
  await worker.query('rollback');
});

it('takes over what died longer than stale_after ago, as its next attempt, and says so in the error log', async () => {
  const [chunk] = await chunkIds(database);
  expect(await callRollups(database, 'perform_rollup')).toMatchObject([
    { target_table: 'public.hourly', chunks: 1, failed: 0, rows_read: 24 * 60 },
  ]);
  expect(await mismatches(database)).toEqual([]);
  expect(await errors()).toEqual([
    {
      worker_id: 'ghost',
      attempt: 1,
      chunk_id: chunk?.chunk_id,
      error_message: 'worker ghost ended without a word',
    },
  ]);
  expect(
    await database.query(
      `select attempt, worker_id like 'call/%' as by_call from silver.timeseries_refresh_log`,
    ),
  ).toEqual([{ attempt: 2, by_call: true }]);
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'idle',
    worker_id: null,
    retry_count: 0,
  });
});

it('the rollup says how long that is', async () => {
  await database.query(`update silver.timeseries_rollup_config set stale_after = '1 minute'`);
  await database.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  await leaveRunning('2 minutes');
  expect(await callRollups(database, 'perform_rollup')).toMatchObject([{ chunks: 1 }]);
  expect(await mismatches(database)).toEqual([]);
});

it('a chunk that has died as often as it may fail is dead, not tried for ever', async () => {
  await database.query(`update silver.timeseries_rollup_config set max_retries = 1`);
  await database.query(`insert into public.readings values ('2001-01-01 06:00:30Z', 'd0', 1)`);
  const chunk = await leaveRunning('2 minutes', 2);
  await callRollups(database, 'perform_rollup');
  expect(await database.query('select chunk_id::text, state from silver.timeseries_chunk')).toEqual(
    [{ chunk_id: chunk, state: 'dead' }],
  );
  expect(await errors()).toContainEqual(expect.objectContaining({ chunk_id: chunk, attempt: 2 }));
  // Its bucket is computed by the live view meanwhile.
  expect(
    await database.query(
      `select row_count::int as rows from public.hourly_live where timestamp = '2001-01-01 06:00Z' and device = 'd0'`,
    ),
  ).toEqual([{ rows: 21 }]);
});
