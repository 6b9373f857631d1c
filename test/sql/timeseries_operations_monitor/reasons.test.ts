import { beforeEach, describe, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { chunkIds, settle, tick } from '../../support/drive.ts';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
  return () => database.drop();
});

async function monitor(target = 'hourly'): Promise<Record<string, unknown>> {
  const [row] = await database.query(
    `select m.*, m.in_flight::int, m.queued::int, m.running::int, m.retrying::int, m.dead::int, m.pending_buckets::int,
       m.pending_chunks_estimate::int, m.pending_rows_estimate::int, m.attempts::int
     from silver.timeseries_operations_monitor m where m.target_table = $1`,
    [target],
  );
  return row ?? {};
}

const late = () =>
  database.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);

describe('says why a rollup is behind', () => {
  it('fresh', async () => {
    await settle(database);
    expect(await monitor()).toMatchObject({
      reason: 'fresh',
      status: 'idle',
      lag_seconds: 0,
      is_late: false,
      in_flight: 0,
      pending_buckets: 0,
      seal_held_by: null,
      last_error: null,
    });
  });

  it('work waits for a scheduler', async () => {
    await database.query(
      `update silver.timeseries_tracked_source set horizon = date_trunc('hour', now() - interval '1 hour')`,
    );
    const row = await monitor();
    expect(row).toMatchObject({
      reason: 'work waits for a scheduler',
      is_late: true,
      in_flight: 0,
    });
    expect(Number(row['pending_buckets'])).toBeGreaterThan(200_000);
  });

  it('changes wait for a scheduler', async () => {
    await settle(database);
    await late();
    expect(await monitor()).toMatchObject({
      reason: 'changes wait for a scheduler',
      is_late: false,
    });
  });

  it('chunks wait for a worker', async () => {
    await settle(database);
    await late();
    await tick(database);
    expect(await monitor()).toMatchObject({
      reason: expect.stringMatching(/^chunks wait for a worker since 20\d\d-/),
      in_flight: 1,
      queued: 1,
      running: 0,
      status: 'idle',
    });
  });

  it('chunks are running, and by whom', async () => {
    await settle(database);
    await late();
    await tick(database);
    await database.query(
      `select silver.start_chunk(chunk_id, 'host:1', 1, null) from silver.timeseries_chunk`,
    );
    expect(await monitor()).toMatchObject({
      reason: 'chunks are running',
      status: 'processing',
      worker_id: 'host:1',
      queued: 0,
      running: 1,
    });
  });

  it('an attempt failed, when the next is due, and with what error', async () => {
    await settle(database);
    await late();
    await tick(database);
    const [chunk] = await chunkIds(database);
    await database.query(`select silver.start_chunk($1, 'host:1', 3, null)`, [chunk?.chunk_id]);
    await database.query(
      `select silver.fail_chunk($1, 'host:1', 3, '{"message": "disk full", "sqlstate": "53100"}')`,
      [chunk?.chunk_id],
    );
    const row = await monitor();
    expect(row).toMatchObject({
      reason: expect.stringMatching(
        /^attempt 3 of a chunk failed, the next is due at 20.*: disk full$/,
      ),
      status: 'error',
      retrying: 1,
      retry_count: 2,
      last_error: 'disk full',
      worker_id: null,
    });
    expect(Number(row['next_retry_at'])).toBeGreaterThan(Number(row['last_error_at']));
    expect(row['success_rate']).toBeCloseTo(
      Number(row['attempts']) / (Number(row['attempts']) + 0) - 1 / Number(row['attempts']),
      5,
    );
  });

  it('a chunk is dead, and of what', async () => {
    await settle(database);
    await late();
    await tick(database);
    const [chunk] = await chunkIds(database);
    await database.query(
      `update silver.timeseries_chunk set last_error = 'boom', attempt = 11, state = 'retrying'`,
    );
    await database.query(`select silver.bury_chunk($1)`, [chunk?.chunk_id]);
    expect(await monitor()).toMatchObject({
      reason: `chunk ${chunk?.chunk_id} is dead: boom`,
      status: 'error',
      dead: 1,
      in_flight: 1,
    });
  });

  it('paused, and until when; a pause that is over is none', async () => {
    await settle(database);
    await database.query(`select silver.pause_rollup('public.hourly')`);
    expect(await monitor()).toMatchObject({ reason: 'paused', status: 'paused' });
    await database.query(`select silver.pause_rollup('public.hourly', now() + interval '1 hour')`);
    expect(await monitor()).toMatchObject({
      reason: expect.stringMatching(/^paused until 20/),
      status: 'paused',
    });
    await database.query(
      `update silver.timeseries_rollup_config set paused_until = now() - interval '1 second'`,
    );
    expect(await monitor()).toMatchObject({ reason: 'fresh', status: 'idle' });
  });

  it('tracking is off', async () => {
    await settle(database);
    await database.query(`select silver.track_off('public.readings')`);
    expect(await monitor()).toMatchObject({ reason: 'tracking of readings is switched off' });
  });

  it('who may still write where it has been computed, by pid and query', async () => {
    await database.query(`update silver.timeseries_tracked_source set drain_grace = '0'`);
    const writer = await database.connect();
    const { rows } = await writer.query<{ pid: number }>('select pg_backend_pid() as pid');
    await writer.query('begin');
    await writer.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 2)`);
    await database.query('call silver.run_rollups()');
    const row = await monitor();
    expect(row['seal_held_by']).toMatch(
      new RegExp(
        `^pid ${rows[0]?.pid} \\(for \\d+ s, idle in transaction: insert into public\\.readings`,
      ),
    );
    expect(row['reason']).toBe(
      `computed provisionally: ${row['seal_held_by']} may still write to it`,
    );
    await writer.query('commit');
    expect(await monitor()).toMatchObject({
      seal_held_by: null,
      reason: expect.stringMatching(
        /once more when a scheduler or a call finds its writers gone|changes wait/,
      ),
    });
  });

  it('a child waits for its parent', async () => {
    await database.query(
      `select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2001-01-01Z');
       update silver.timeseries_rollup_config set rerun_interval = '0'`,
    );
    await settle(database);
    await late();
    await tick(database);
    expect(await monitor('daily')).toMatchObject({ reason: 'waits for hourly' });
    await settle(database);
    expect(await monitor('daily')).toMatchObject({ reason: 'fresh', lag_seconds: 0 });
  });
});

describe('lag', () => {
  it('is 0 for an hourly rollup that has computed every hour that is due, though the present one is not', async () => {
    await settle(database);
    expect(await monitor()).toMatchObject({ lag_seconds: 0, is_late: false });
  });

  it('is counted from when the oldest bucket that is missing fell due: its end and the safety buffer', async () => {
    await settle(database);
    await database.query(
      `update silver.timeseries_progress set covered = covered - tstzmultirange(tstzrange(
         date_bin('1 hour', now() - interval '6 hours', '2000-01-01Z'), date_bin('1 hour', now() - interval '5 hours', '2000-01-01Z')))`,
    );
    const [{ due } = { due: 0 }] = await database.query<{ due: number }>(
      `select extract(epoch from clock_timestamp() - (date_bin('1 hour', now() - interval '5 hours', '2000-01-01Z') + interval '1 hour'))::float8 as due`,
    );
    const { lag_seconds: lag } = await monitor();
    expect(Number(lag)).toBeGreaterThanOrEqual(due);
    expect(Number(lag)).toBeLessThan(due + 60);
  });

  it('of a late change is counted from when it was logged, not from the time of its row', async () => {
    await settle(database);
    await late();
    await database.query(
      `update silver.timeseries_invalidation_log set logged_at = now() - interval '100 seconds'`,
    );
    expect(Math.floor(Number((await monitor())['lag_seconds']) / 100)).toBe(1);
    await tick(database);
    // In a chunk it goes on being counted, from when it became dirty.
    const { lag_seconds: lag } = await monitor();
    expect(Number(lag)).toBeGreaterThan(0);
    expect(Number(lag)).toBeLessThan(100);
  });

  it('is late above alert_threshold', async () => {
    await settle(database);
    await late();
    await database.query(
      `update silver.timeseries_invalidation_log set logged_at = now() - interval '1000 seconds'`,
    );
    await database.query(
      `update silver.timeseries_rollup_config set alert_threshold = '2000 seconds'`,
    );
    expect(await monitor()).toMatchObject({ is_late: false });
    await database.query(
      `update silver.timeseries_rollup_config set alert_threshold = '900 seconds'`,
    );
    expect(await monitor()).toMatchObject({ is_late: true });
  });

  it("of a child includes what its parents' changes put in doubt", async () => {
    await database.query(
      `select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
    );
    await settle(database);
    await late();
    await database.query(
      `update silver.timeseries_invalidation_log set logged_at = now() - interval '500 seconds'`,
    );
    const { lag_seconds: lag } = await monitor('daily');
    expect(Number(lag)).toBeGreaterThanOrEqual(500);
  });
});

describe('counts', () => {
  it('pending buckets, the chunks of the window in force and the rows that come to', async () => {
    await settle(database);
    await database.query(
      `update silver.timeseries_rollup_config set processing_window = '10 hours', avg_rows = 600, avg_buckets = 10;
       update silver.timeseries_progress set covered = covered - '{[2001-01-01 00:00Z,2001-01-02 01:00Z)}'`,
    );
    expect(await monitor()).toMatchObject({
      pending_buckets: 25,
      pending_chunks_estimate: 3,
      pending_rows_estimate: 1500,
    });
  });

  it('the share of successes among the attempts of the last hour', async () => {
    await settle(database);
    await database.query(
      `delete from silver.timeseries_refresh_log;
       insert into silver.timeseries_refresh_log (rollup_id, reason, ranges, buckets, attempt, started_at, finished_at, duration_ms, rows_read, rows_inserted, rows_updated, rows_deleted)
       select 1, 'late', '{}', 1, 1, now(), now() - i * interval '30 minutes', 1, 1, 1, 0, 0 from generate_series(0, 3) i;
       insert into silver.timeseries_error_log (rollup_id, error_message) values (1, 'a')`,
    );
    const row = await monitor();
    expect(row).toMatchObject({ attempts: 3, last_error: 'a' });
    expect(row['success_rate']).toBeCloseTo(2 / 3, 10);
  });

  it('nothing of the kind where nothing was attempted', async () => {
    expect(await monitor()).toMatchObject({
      attempts: 0,
      success_rate: null,
      pending_rows_estimate: null,
    });
  });
});
