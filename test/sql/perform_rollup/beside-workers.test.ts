import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { chunkIds, runChunks, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { callRollups, collectNotices } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 48);
  await declareHourly(database);
});

it('leaves what a worker has in flight to it, and computes the rest', async () => {
  await tick(database, 500_000); // The first chunks of a backlog, as a scheduler plans them.
  const [mine] = await chunkIds(database);
  await database.query('delete from silver.timeseries_chunk where chunk_id <> $1', [
    mine?.chunk_id,
  ]);
  const worker = await database.connect();
  await worker.query(`select silver.start_chunk($1, 'worker', 1, null)`, [mine?.chunk_id]);
  await worker.query('begin');
  await worker.query(`select * from silver.run_chunk($1, 'worker', 1)`, [mine?.chunk_id]);
  const call = await database.connect();
  const called = call.query('select * from silver.perform_rollup()');
  // The worker commits whatever the call holds; the two wait for each other for a moment at the most.
  await worker.query('commit');
  await called;
  expect(
    await database.query(
      `select from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b
       on a.refresh_id < b.refresh_id and a.ranges && b.ranges and b.reason = 'forward'`,
    ),
  ).toEqual([]);
  expect(await mismatches(database)).toEqual([]);
});

it('waits a second for a source that another session plans, then leaves it to that, with a notice', async () => {
  await database.query(`insert into public.readings values ('2001-01-01 07:00:30Z', 'd1', 1)`);
  const planner = await database.connect();
  await planner.query('begin');
  await planner.query('select silver.lock_source(source_id) from silver.timeseries_tracked_source');
  const call = await database.connect();
  const notices = collectNotices(call);
  expect((await call.query('select * from silver.perform_rollup()')).rows).toEqual([]);
  expect(notices).toEqual(['NOTICE: public.readings: another session plans it; left to that']);
  await planner.query('rollback');
  await callRollups(database, 'perform_rollup');
  expect(await mismatches(database)).toEqual([]);
});

it('a scheduler passes by the source that a call holds, and plans it when the call has ended', async () => {
  await database.query(`insert into public.readings values ('2001-01-01 08:00:30Z', 'd1', 1)`);
  const call = await database.connect();
  await call.query('begin');
  await call.query('select * from silver.perform_rollup()');
  const [{ locked } = { locked: true }] = await database.query<{ locked: boolean }>(
    'select silver.lock_source(source_id) as locked from silver.timeseries_tracked_source',
  );
  expect(locked).toBe(false);
  await call.query('rollback');
  await waitUntil('a scheduler finds work', async () => (await tick(database)) > 0);
  await runChunks(database);
  expect(await mismatches(database)).toEqual([]);
});
