import { type Planner, planSource, startScheduler } from '@silver/scheduler';
import { chunkQueue, dueSources, onSlonik } from '@silver/shared';
import { type ChunkHandler, handleBatch, startWorker, takeCompanions } from '@silver/worker';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, mismatches } from '../readings.ts';
import {
  endProcess,
  quietLogger,
  startSilver,
  testBoss,
  testConfig,
  testPool,
} from '../silver-under-test.ts';
import { deliverOnce } from './deliver-once.ts';

describe('several short chunks in one transaction', { timeout: 60_000 }, () => {
  const database = useDatabase();
  const workerId = 'host:1:abc';
  let pool: DatabasePool;
  let boss: PgBoss;
  let planner: Planner;

  beforeAll(async () => {
    [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
    planner = { pool, boss, config: testConfig(database.url) };
    await createReadings(database, 8);
    await declareHourly(
      database,
      ", processing_window => '1 hour', target_chunk_duration => '1 ms', max_in_flight => 8, max_retries => 3",
    );
    // Does as it is told with the bucket it is told, in the middle of a chunk's transaction.
    await database.query(`
      create table public.told (at timestamptz, what text);
      create function public.obey() returns trigger language plpgsql as $$
        declare what text := (select t.what from public.told t where t.at = new.timestamp);
        begin
          if what = 'fail' then raise exception 'as told' using errcode = '22003';
          elsif what is not null then perform pg_sleep(what::float8);
          end if;
          return new;
        end $$;
      create trigger obey before insert on public.hourly for each row execute function public.obey()`);
  });
  afterAll(async () => {
    await boss.stop({ graceful: false });
    await pool.end();
  });
  afterEach(async () => {
    await boss.offWork(chunkQueue);
    await database.query(`
      delete from public.told;
      select silver.release_chunk(chunk_id) from silver.timeseries_chunk;
      delete from silver_pgboss.job;
      delete from public.hourly;
      delete from silver.timeseries_invalidation_log;
      delete from silver.timeseries_refresh_log;
      delete from silver.timeseries_error_log;
      update silver.timeseries_progress set covered = '{}', dirty = '{}';
      update silver.timeseries_rollup_config set failures = 0, probe_at = null`);
  });

  const handler = (stopping = new AbortController().signal): ChunkHandler => ({
    workerId,
    boss,
    pool,
    stopping,
    config: testConfig(database.url),
    logger: quietLogger(),
  });
  const tell = (hour: number, what: string) =>
    database.query(
      `insert into public.told values ('2001-01-01Z'::timestamptz + $1 * interval '1 hour', $2)`,
      [hour, what],
    );
  /** Plans a chunk for each of the eight hours, as the averages of a rollup with short ones have it. */
  const plan = async () => {
    await database.query(
      'update silver.timeseries_rollup_config set avg_duration_ms = 2, avg_rows = 60, avg_buckets = 1',
    );
    const [source] = await dueSources(onSlonik(pool));
    if (source === undefined) throw new Error('no source is due');
    await planSource(planner, source, 0);
    expect(await chunks()).toHaveLength(8);
  };
  const chunks = () =>
    database.query<{ chunk_id: string; state: string; attempt: number }>(
      'select chunk_id, state, attempt, worker_id from silver.timeseries_chunk order by chunk_id',
    );
  const states = async () => {
    const jobs = await database.query<{ state: string; n: number }>(
      'select state::text, count(*)::integer as n from silver_pgboss.job where name = $1 group by 1',
      [chunkQueue],
    );
    return Object.fromEntries(jobs.map(({ n, state }) => [state, n]));
  };
  const rows = async () => (await database.query('select from public.hourly')).length;
  const errors = () =>
    database.query('select attempt, sql_state from silver.timeseries_error_log order by error_id');
  /** Lets pg-boss deliver one job, and takes the other seven along. Returns whether they were computed together; false: the first was left to go alone. */
  const deliverTogether = (
    worker = handler(),
    meanwhile?: () => Promise<unknown>,
    budgetMs = 60_000,
  ) =>
    new Promise<boolean | Error>((resolve) => {
      void boss.work(
        chunkQueue,
        { transactional: true, batchSize: 1, pollingIntervalSeconds: 60 },
        async ([job], transaction) => {
          if (job === undefined) throw new Error('no job');
          const companions = await takeCompanions(worker, job);
          const handled = handleBatch(worker, job, companions, transaction, budgetMs);
          await meanwhile?.();
          const end = await handled;
          setTimeout(() => resolve(end !== undefined), 0);
          if (end === undefined) {
            await boss.deleteJob(chunkQueue, job, { db: transaction }); // its way alone is tested elsewhere
            return undefined;
          }
          return { outcome: end.main.outcome };
        },
      );
    });

  it('commit with all of their jobs, as one', async () => {
    await plan();
    expect(await deliverTogether()).toBe(true);
    await waitUntil('it is committed', async () => (await chunks()).length === 0);
    expect(await rows()).toBe(24);
    expect(await mismatches(database)).toEqual([]);
    expect(await states()).toEqual({ completed: 8 });
    const log = await database.query(
      'select sum(rows_read)::integer as read, count(*)::integer as n, min(attempt) as attempt from silver.timeseries_refresh_log',
    );
    expect(log).toEqual([{ read: 480, n: 8, attempt: 1 }]);
    const writers = await database.query(`
      select xmin from silver.timeseries_refresh_log union select xmin from silver.timeseries_progress
      union select xmin from silver_pgboss.job`);
    expect(writers).toHaveLength(1);
    const [config] = await database.query(
      'select status, worker_id, last_processed_time from silver.timeseries_rollup_config',
    );
    expect(config).toMatchObject({ status: 'idle', worker_id: null });
  });

  it('are shown as running while they are', async () => {
    await plan();
    await tell(3, '0.2');
    const together = deliverTogether(handler(), async () => {
      await waitUntil('all are announced', async () =>
        (await chunks()).every(({ state, attempt }) => state === 'running' && attempt === 1),
      );
      expect(
        await database.query('select status, worker_id from silver.timeseries_rollup_config'),
      ).toEqual([{ status: 'processing', worker_id: workerId }]);
    });
    expect(await together).toBe(true);
  });

  it('do nothing when one fails: it alone spends an attempt, once it is alone', async () => {
    await plan();
    await tell(5, 'fail');
    expect(await deliverTogether()).toBe(false);
    await boss.offWork(chunkQueue);
    expect(await rows()).toBe(0);
    expect(await errors()).toEqual([]);
    const left = await chunks();
    expect(left).toHaveLength(8);
    expect(left.filter(({ state, attempt }) => state === 'queued' && attempt === 0)).toHaveLength(
      7,
    );
    // None of them is taken along again.
    expect(await boss.fetch(chunkQueue, { batchSize: 8, ignoreGroups: ['alone'] })).toEqual([]);
    const outcomes: unknown[] = [];
    for (let delivered = 0; delivered < 7; delivered += 1) {
      outcomes.push(await deliverOnce(handler()));
      await boss.offWork(chunkQueue);
    }
    expect(outcomes.filter((one) => one instanceof Error)).toHaveLength(1);
    expect(await errors()).toEqual([{ attempt: 1, sql_state: '22003' }]);
    expect(await rows()).toBe(18); // but for the one that failed, and the one that was to go alone at once
  });

  it('are not begun any more when the time of all is over, and lose nothing by it', async () => {
    await plan();
    await tell(0, '0.1');
    await tell(1, '0.1');
    await tell(2, '0.1');
    expect(await deliverTogether(handler(), undefined, 40)).toBe(true);
    await boss.offWork(chunkQueue);
    const left = await chunks();
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(8);
    expect(left.filter(({ state, attempt }) => state !== 'queued' || attempt !== 0)).toEqual([]);
    expect(await rows()).toBe((8 - left.length) * 3);
    expect(await states()).toMatchObject({ created: left.length, completed: 8 });
    for (const _ of left) {
      await deliverOnce(handler());
      await boss.offWork(chunkQueue);
    }
    expect(await mismatches(database)).toEqual([]);
    expect(await chunks()).toEqual([]);
  });

  it('have a second in all: where one takes far longer than it should, each goes alone', async () => {
    await plan();
    await tell(4, '600');
    const began = performance.now();
    expect(await deliverTogether()).toBe(false);
    expect(performance.now() - began).toBeLessThan(10_000);
    await boss.offWork(chunkQueue);
    const left = await chunks();
    expect(left.filter(({ state, attempt }) => state === 'queued' && attempt === 0)).toHaveLength(
      7,
    );
    expect(await errors()).toEqual([]);
    expect(await rows()).toBe(0);
  });

  it('are given back at once when the worker must stop in their middle, with no attempt spent', async () => {
    await plan();
    await tell(4, '600');
    const stop = new AbortController();
    const together = deliverTogether(handler(stop.signal), async () => {
      const sleeping = `select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
      await waitUntil(
        'one is in its middle',
        async () => (await database.query(sleeping)).length > 0,
      );
      stop.abort();
    });
    expect(await together).toBe(false);
    await boss.offWork(chunkQueue);
    const left = await chunks();
    expect(left.filter(({ state, attempt }) => state === 'queued' && attempt === 0)).toHaveLength(
      7,
    );
    expect(await errors()).toEqual([]);
    expect(await rows()).toBe(0);
  });

  it('are all found again when their worker is killed in their middle', async () => {
    await plan();
    await tell(6, '600');
    const child = startSilver(database.url, ['worker'], { SILVER_WORKER_CONCURRENCY: '1' });
    const sleeping = `select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    await waitUntil(
      'one is in its middle',
      async () => (await database.query(sleeping)).length > 0,
      30_000,
    );
    const running = (await chunks()).filter(({ state }) => state === 'running');
    expect(running.length).toBeGreaterThan(1);
    await endProcess(child, 'SIGKILL');
    await database.query(`delete from public.told;
      select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`);
    const services = [
      await startScheduler(testConfig(database.url), quietLogger()),
      await startWorker(testConfig(database.url), quietLogger()),
    ];
    await waitUntil('all are computed', async () => (await chunks()).length === 0, 50_000);
    expect(await mismatches(database)).toEqual([]);
    const done = await database.query(
      'select attempt, count(*)::integer as times from silver.timeseries_refresh_log where chunk_id = any($1) group by chunk_id, attempt',
      [running.map(({ chunk_id }) => chunk_id)],
    );
    expect(done).toEqual(running.map(() => ({ attempt: 1, times: 1 })));
    // Which of them it was, if one, nobody knows: it counts against none, and no circuit opens.
    expect(await errors()).toEqual([]);
    expect(
      await database.query('select failures, probe_at from silver.timeseries_rollup_config'),
    ).toEqual([{ failures: 0, probe_at: null }]);
    await Promise.all(services.map((service) => service.stop()));
  });

  it('write nothing when the claim to one of them is lost, and the others go back to the queue', async () => {
    await plan();
    await tell(4, '0.2');
    const together = deliverTogether(handler(), () =>
      waitUntil('a job is somebody else’s', async () => {
        const taken = await database.query(
          `update silver_pgboss.job set retry_count = retry_count + 1
           where id = (select job_id from silver.timeseries_chunk where state = 'running' order by chunk_id desc limit 1) returning id`,
        );
        return taken.length === 1;
      }),
    );
    expect(await together).toBe(false);
    expect(await rows()).toBe(0);
    const left = await chunks();
    expect(left).toHaveLength(8);
    expect(left.filter(({ state, attempt }) => state === 'queued' && attempt === 0)).toHaveLength(
      6,
    );
    expect(await errors()).toEqual([]);
  });

  it('are given back with no attempt spent, to come again later, when the server ends their backend', async () => {
    await plan();
    await tell(4, '600');
    const sleeping = `pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    void deliverTogether(handler(), () =>
      waitUntil(
        'one is in its middle, and ended',
        async () =>
          (await database.query(`select pg_terminate_backend(pid) from (select ${sleeping}) as s`))
            .length > 0,
      ),
    );
    const given = async () =>
      (await chunks()).filter(({ state, attempt }) => state === 'queued' && attempt === 0);
    await waitUntil('they are given back', async () => (await given()).length === 7, 10_000);
    const jobs = await database.query(
      `select count(*)::integer as later from silver_pgboss.job where state = 'created' and start_after > created_on`,
    );
    expect(jobs).toEqual([{ later: 7 }]);
    expect(await errors()).toEqual([]);
  });

  it('are none that was tried before, that nobody knows to be short, or that cannot be read', async () => {
    await plan();
    const [retried, unknown, unreadable] = (await chunks()).slice(-3).map((one) => one.chunk_id);
    const change = (chunk: string | undefined, what: string) =>
      database.query(
        `update silver_pgboss.job set ${what} where id = (select job_id from silver.timeseries_chunk where chunk_id = $1)`,
        [chunk],
      );
    await change(retried, `retry_count = 1, state = 'retry'`);
    await change(unknown, `data = data - 'expectedMs'`);
    await change(unreadable, `data = '{}'`);
    expect(await deliverTogether()).toBe(true);
    const ended = `select output ->> 'outcome' as outcome, count(*)::integer as n from silver_pgboss.job
      where state = 'completed' and group_id is null group by 1 order by 1`;
    await waitUntil('it is committed', async () => (await database.query(ended)).length === 3);
    expect(await database.query(ended)).toEqual([
      { outcome: 'completed', n: 5 },
      { outcome: 'given back', n: 2 },
      { outcome: 'unreadable', n: 1 },
    ]);
    // The two go alone from now on, with the attempts that they have spent.
    const alone = await database.query(
      `select data ->> 'chunkId' as chunk, (data ->> 'attemptsSpent')::integer as spent from silver_pgboss.job where group_id = 'alone' order by 2`,
    );
    expect(alone).toEqual([
      { chunk: unknown, spent: 0 },
      { chunk: retried, spent: 1 },
    ]);
    expect((await chunks()).map(({ chunk_id }) => chunk_id)).toContain(unreadable);
  });

  it('are none of a rollup that keeps failing, whose row somebody may hold meanwhile', async () => {
    await plan();
    await database.query(
      `update silver.timeseries_rollup_config set failures = 9, probe_at = now() + interval '1 hour'`,
    );
    const holder = await database.connect();
    await holder.query('begin');
    await holder.query('select from silver.timeseries_rollup_config for update');
    const deadline = setTimeout(() => void holder.query('rollback'), 5_000);
    const ids = (await chunks()).map((one) => one.chunk_id);
    const announced = await database.query<{ outcome: string }>(
      `select outcome from silver.start_chunks($1::bigint[], 'w', array_fill(1, array[8]))`,
      [ids],
    );
    expect(announced.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'postponed'));
    clearTimeout(deadline);
    await holder.query('rollback');
    expect(await deliverTogether()).toBe(false);
    expect(await rows()).toBe(0);
    expect((await chunks()).every(({ attempt }) => attempt === 0)).toBe(true);
  });
});
