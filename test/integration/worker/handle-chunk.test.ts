import { randomUUID } from 'node:crypto';
import { type Planner, planSource } from '@silver/scheduler';
import { chunkQueue, dueSources, onSlonik } from '@silver/shared';
import type { ChunkHandler } from '@silver/worker';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly } from '../readings.ts';
import { quietLogger, testBoss, testConfig, testPool } from '../silver-under-test.ts';
import { deliverOnce } from './deliver-once.ts';

describe('an attempt at a chunk', () => {
  const database = useDatabase();
  const workerId = 'host:1:abc';
  let pool: DatabasePool;
  let boss: PgBoss;
  let planner: Planner;

  beforeAll(async () => {
    [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
    planner = { pool, boss, config: testConfig(database.url) };
    await createReadings(database, 24);
    await declareHourly(database, ', max_in_flight => 1');
    await database.query(`
      create function public.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'refused' using errcode = '22003', detail = 'because', hint = 'think again'; end $$`);
  });
  afterAll(async () => {
    await boss.stop({ graceful: false });
    await pool.end();
  });
  afterEach(async () => {
    await boss.offWork(chunkQueue);
    await database.query(`
      drop trigger if exists refuse on public.hourly;
      select silver.release_chunk(chunk_id) from silver.timeseries_chunk;
      delete from silver_pgboss.job;
      delete from public.hourly;
      delete from silver.timeseries_invalidation_log;
      delete from silver.timeseries_refresh_log;
      delete from silver.timeseries_error_log;
      update silver.timeseries_progress set covered = '{}', dirty = '{}'`);
  });

  const plan = async () => {
    const [source] = await dueSources(onSlonik(pool));
    if (source === undefined) throw new Error('no source is due');
    await planSource(planner, source, 0);
    const [chunk] = await database.query<{ chunk_id: string; job_id: string }>(
      'select * from silver.timeseries_chunk',
    );
    if (chunk === undefined) throw new Error('no chunk was planned');
    return chunk;
  };
  const chunkState = async () =>
    (
      await database.query(
        'select state, attempt, worker_id, last_error from silver.timeseries_chunk',
      )
    )[0];
  const jobState = async (id: string) =>
    (
      await database.query<{ state: string }>('select state from silver_pgboss.job where id = $1', [
        id,
      ])
    )[0]?.state;
  const rows = async () => (await database.query('select from public.hourly')).length;

  const deliver = (config: Partial<ChunkHandler['config']> = {}) =>
    deliverOnce({
      workerId,
      boss,
      pool,
      stopping: new AbortController().signal,
      config: { ...testConfig(database.url), ...config },
      logger: quietLogger(),
    });

  it('commits target, coverage, refresh log, the end of the chunk and of its job as one', async () => {
    const { job_id } = await plan();
    expect(await deliver()).toMatchObject({ outcome: 'completed', rowsRead: 1_440 });
    await waitUntil('the job is completed', async () => (await jobState(job_id)) === 'completed');
    expect(await rows()).toBe(72);
    expect(await chunkState()).toBeUndefined();
    const [log] = await database.query(
      'select rows_read, rows_inserted, worker_id, attempt, xmin from silver.timeseries_refresh_log',
    );
    expect(log).toMatchObject({
      rows_read: '1440',
      rows_inserted: '72',
      worker_id: workerId,
      attempt: 1,
    });
    const writers = await database.query(`
      select 'log' as written, xmin from silver.timeseries_refresh_log
      union select 'progress', xmin from silver.timeseries_progress
      union select 'job', xmin from silver_pgboss.job`);
    expect(writers.map(({ written }) => written).toSorted()).toEqual(['job', 'log', 'progress']);
    expect(writers.filter(({ xmin }) => xmin !== log?.['xmin'])).toEqual([]);
  });

  it('is visible while it runs', async () => {
    await plan();
    const blocker = await database.connect();
    await blocker.query('begin; lock table public.hourly in share mode');
    const outcome = deliver();
    await waitUntil('it is running', async () => (await chunkState())?.['state'] === 'running');
    expect(await chunkState()).toMatchObject({ attempt: 1, worker_id: workerId });
    expect(
      await database.query('select status, worker_id from silver.timeseries_rollup_config'),
    ).toEqual([{ status: 'processing', worker_id: workerId }]);
    await blocker.query('rollback');
    expect(await outcome).toMatchObject({ outcome: 'completed' });
  });

  it('that fails writes nothing but the error, with all PostgreSQL said, and is retried by pg-boss', async () => {
    const { chunk_id, job_id } = await plan();
    await database.query(
      'create trigger refuse before insert on public.hourly for each row execute function public.refuse()',
    );
    expect(await deliver()).toMatchObject({ message: 'refused' });
    await waitUntil('pg-boss retries it', async () => (await jobState(job_id)) === 'retry');
    expect(await rows()).toBe(0);
    expect(await chunkState()).toEqual({
      state: 'retrying',
      attempt: 1,
      worker_id: null,
      last_error: 'refused',
    });
    const errors = await database.query('select * from silver.timeseries_error_log');
    expect(errors).toEqual([
      expect.objectContaining({
        chunk_id,
        attempt: 1,
        worker_id: workerId,
        error_message: 'refused',
        sql_state: '22003',
        detail: 'because',
        hint: 'think again',
        context: expect.stringContaining('silver.run_chunk'),
        attempted_query: expect.stringContaining('silver.run_chunk'),
      }),
    ]);
    // The same job succeeds once the cause is gone.
    await database.query('drop trigger refuse on public.hourly');
    await waitUntil(
      'the second attempt is done',
      async () => (await jobState(job_id)) === 'completed',
    );
    expect(await database.query('select attempt from silver.timeseries_refresh_log')).toEqual([
      { attempt: 2 },
    ]);
  });

  it('waits for a lock no longer than the lock timeout', async () => {
    await plan();
    const blocker = await database.connect();
    await blocker.query('begin; lock table public.hourly in share mode');
    expect(await deliver({ lockTimeoutMs: 200 })).toMatchObject({ code: '55P03' });
    await blocker.query('rollback');
  });

  it('finishes quietly when the chunk is gone: superseded', async () => {
    const { chunk_id, job_id } = await plan();
    await database.query('select silver.release_chunk($1)', [chunk_id]);
    expect(await deliver()).toEqual({ outcome: 'superseded' });
    await waitUntil('the job is completed', async () => (await jobState(job_id)) === 'completed');
    expect(await database.query('select * from silver.timeseries_error_log')).toEqual([]);
  });

  it('steps back without spending an attempt while another holds the chunk: deferred', async () => {
    const { chunk_id, job_id } = await plan();
    const holder = await database.connect();
    await holder.query('begin');
    await holder.query('select from silver.timeseries_chunk where chunk_id = $1 for update', [
      chunk_id,
    ]);
    expect(await deliver()).toEqual({ outcome: 'deferred' });
    await holder.query('rollback');
    await waitUntil('the job is completed', async () => (await jobState(job_id)) === 'completed');
    expect(await chunkState()).toMatchObject({ state: 'queued', attempt: 0 });
  });

  it('whose claim was lost meanwhile commits nothing', async () => {
    const { job_id } = await plan();
    const blocker = await database.connect();
    await blocker.query('begin; lock table public.hourly in share mode');
    const outcome = deliver();
    await waitUntil('it is running', async () => (await chunkState())?.['state'] === 'running');
    // As a supervisor does that no longer hears the worker: the job goes to somebody else.
    await boss.fail(chunkQueue, job_id, new Error('heartbeat lost'));
    await boss.cancel(chunkQueue, job_id);
    await blocker.query('rollback');
    expect(await outcome).toMatchObject({ outcome: 'completed' });
    const idle = `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    await waitUntil(
      'its transaction has ended',
      async () => (await database.query(idle)).length === 0,
    );
    expect(await rows()).toBe(0);
    expect(await chunkState()).toMatchObject({ state: 'running', attempt: 1 });
    expect(await database.query('select from silver.timeseries_refresh_log')).toEqual([]);
  });

  it('completes a job that it cannot read: the scheduler finds the chunk without it', async () => {
    const id = randomUUID();
    await boss.insert(chunkQueue, [{ id, singletonKey: 'odd', data: { chunkId: 'not a number' } }]);
    expect(await deliver()).toEqual({ outcome: 'unreadable' });
    await waitUntil('the job is completed', async () => (await jobState(id)) === 'completed');
  });
});
