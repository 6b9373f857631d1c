import { type Planner, planSource } from '@silver/scheduler';
import { chunkQueue, dueSources, onSlonik } from '@silver/shared';
import type { ChunkHandler } from '@silver/worker';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, mismatches } from '../readings.ts';
import { quietLogger, testBoss, testConfig, testPool } from '../silver-under-test.ts';
import { deliverOnce } from './deliver-once.ts';

describe('a chunk that fails in one of the ways that are no matter of trying again', () => {
  const database = useDatabase();
  const workerId = 'host:1:abc';
  let pool: DatabasePool;
  let boss: PgBoss;
  let planner: Planner;

  beforeAll(async () => {
    [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
    planner = { pool, boss, config: testConfig(database.url) };
    await createReadings(database, 24);
    await declareHourly(database, ', max_in_flight => 1, max_retries => 3');
    // Fails as it is told to, in the middle of the chunk's transaction.
    await database.query(`
      create table public.order_to_fail (code text);
      create function public.obey() returns trigger language plpgsql as $$
        declare ordered text := (select code from public.order_to_fail);
        begin
          if ordered = 'end' then perform pg_terminate_backend(pg_backend_pid());
          elsif ordered = 'sleep' then perform pg_sleep(600);
          elsif ordered is not null then raise exception 'as told' using errcode = ordered;
          end if;
          return null;
        end $$;
      create trigger obey before insert on public.hourly for each statement execute function public.obey()`);
  });
  afterAll(async () => {
    await boss.stop({ graceful: false });
    await pool.end();
  });
  afterEach(async () => {
    await boss.offWork(chunkQueue);
    await database.query(`
      delete from public.order_to_fail;
      select silver.release_chunk(chunk_id) from silver.timeseries_chunk;
      delete from silver_pgboss.job;
      delete from public.hourly;
      delete from silver.timeseries_invalidation_log;
      delete from silver.timeseries_refresh_log;
      delete from silver.timeseries_error_log;
      update silver.timeseries_progress set covered = '{}', dirty = '{}';
      update silver.timeseries_rollup_config set failures = 0, probe_at = null, chunk_timeout = '5 minutes', max_retries = 3,
        processing_window = null, avg_duration_ms = null, avg_rows = null, avg_buckets = null`);
  });

  const failWith = (code: string) =>
    database.query('insert into public.order_to_fail values ($1)', [code]);
  const mend = () => database.query('delete from public.order_to_fail');
  const plan = async () => {
    const [source] = await dueSources(onSlonik(pool));
    if (source === undefined) throw new Error('no source is due');
    await planSource(planner, source, 0);
    const [chunk] = await chunks();
    if (chunk === undefined) throw new Error('no chunk was planned');
    return chunk;
  };
  const chunks = () =>
    database.query<{ chunk_id: string; job_id: string; buckets: string; state: string }>(
      'select * from silver.timeseries_chunk order by chunk_id',
    );
  const jobs = () =>
    database.query<{ id: string; state: string; data: { attemptsSpent: number } }>(
      `select id, state::text, data, retry_limit from silver_pgboss.job where name = $1 order by created_on, id`,
      [chunkQueue],
    );
  const outputOf = async (id: string) =>
    (
      await database.query<{ outcome: string }>(
        `select output ->> 'outcome' as outcome from silver_pgboss.job where id = $1 and state = 'completed'`,
        [id],
      )
    )[0]?.outcome;
  const errors = () =>
    database.query('select attempt, sql_state from silver.timeseries_error_log order by error_id');
  const handler = (stopping = new AbortController().signal): ChunkHandler => ({
    workerId,
    boss,
    pool,
    stopping,
    config: testConfig(database.url),
    logger: quietLogger(),
  });
  /** As scheduler and worker go on, until all is right. */
  const allDone = () =>
    waitUntil('all is computed', async () => {
      for (const source of await dueSources(onSlonik(pool))) await planSource(planner, source, 0);
      return (await mismatches(database)).length === 0;
    });

  it('is cut in half when a smaller one may succeed: its job ends as its halves are enqueued', async () => {
    const chunk = await plan();
    await failWith('53200');
    expect(await deliverOnce(handler())).toEqual({ outcome: 'halved' });
    await boss.offWork(chunkQueue);
    await waitUntil('its job has ended', async () => await outputOf(chunk.job_id));
    expect(await outputOf(chunk.job_id)).toBe('halved');
    const halves = await chunks();
    expect(halves.map(({ buckets }) => Number(buckets))).toEqual([
      Math.ceil(Number(chunk.buckets) / 2),
      Math.floor(Number(chunk.buckets) / 2),
    ]);
    const waiting = (await jobs()).filter(({ state }) => state === 'created');
    expect(waiting.map(({ id }) => id).toSorted()).toEqual(
      halves.map(({ job_id }) => job_id).toSorted(),
    );
    expect(await errors()).toEqual([{ attempt: 1, sql_state: '53200' }]);
    await mend();
    void deliverOnce(handler());
    await allDone();
  });

  it('is cut in half without losing its dirt, at any moment', async () => {
    await plan();
    await deliverOnce(handler());
    await allDone();
    await boss.offWork(chunkQueue);
    await database.query('update public.readings set value = value + 1');
    await failWith('57014');
    // A trigger on insert alone: the refresh finds rows that differ only by update.
    await database.query(
      'create trigger obey_too before update on public.hourly for each statement execute function public.obey()',
    );
    const chunk = await plan();
    expect(await deliverOnce(handler())).toEqual({ outcome: 'halved' });
    await boss.offWork(chunkQueue);
    await waitUntil('its job has ended', async () => await outputOf(chunk.job_id));
    const [state] = await database.query<{ whole: boolean }>(
      `select p.dirty + range_agg(c.ranges) @> tstzrange '[2001-01-01Z, 2001-01-02Z)' as whole
       from silver.timeseries_progress p join silver.timeseries_chunk c using (rollup_id) group by p.dirty`,
    );
    expect(state).toEqual({ whole: true });
    await database.query('drop trigger obey_too on public.hourly');
    await mend();
    void deliverOnce(handler());
    await allDone();
  });

  it('of one bucket cannot be halved and is tried again', async () => {
    await database.query(
      `update silver.timeseries_rollup_config set processing_window = '1 hour', avg_rows = 60, avg_buckets = 1, avg_duration_ms = 1000`,
    );
    const chunk = await plan();
    expect(chunk.buckets).toBe('1');
    await failWith('54000');
    expect(await deliverOnce(handler())).toMatchObject({ code: '54000' });
    await waitUntil('pg-boss retries it', async () => (await jobs())[0]?.state === 'retry');
    expect(await chunks()).toMatchObject([{ state: 'retrying' }]);
  });

  it("is cancelled after its rollup's chunk_timeout, and cut in half", async () => {
    const chunk = await plan();
    await failWith('sleep');
    await database.query(`update silver.timeseries_rollup_config set chunk_timeout = '300 ms'`);
    expect(await deliverOnce(handler())).toEqual({ outcome: 'halved' });
    await boss.offWork(chunkQueue);
    await waitUntil('its job has ended', async () => await outputOf(chunk.job_id));
    expect(await errors()).toMatchObject([{ sql_state: '57014' }]);
  });

  it('is dead at once when no attempt can succeed before a person mended something', async () => {
    const chunk = await plan();
    await failWith('42P01');
    expect(await deliverOnce(handler())).toEqual({ outcome: 'buried' });
    await waitUntil('its job has ended', async () => await outputOf(chunk.job_id));
    expect(await chunks()).toMatchObject([
      { chunk_id: chunk.chunk_id, state: 'dead', last_error: 'as told' },
    ]);
    expect((await jobs()).map(({ state }) => state)).toEqual(['completed']);
  });

  it('is given back when its backend was ended: another connection settles it, and no attempt is spent', async () => {
    const chunk = await plan();
    await failWith('end');
    expect(await deliverOnce(handler())).toMatchObject({ message: expect.stringMatching(/./) });
    await boss.offWork(chunkQueue);
    expect(await outputOf(chunk.job_id)).toBe('given back');
    const [again] = await chunks();
    expect(again).toMatchObject({ chunk_id: chunk.chunk_id, state: 'queued', attempt: 0 });
    expect(again?.job_id).not.toBe(chunk.job_id);
    expect((await jobs()).find(({ id }) => id === again?.job_id)).toMatchObject({
      state: 'created',
      data: { attemptsSpent: 0 },
      retry_limit: 3,
    });
    expect(await errors()).toEqual([{ attempt: 1, sql_state: '57P01' }]);
    await mend();
    void deliverOnce(handler());
    await allDone();
  });

  it('is given back when its worker stops: its backend is cancelled, nothing is logged as an error', async () => {
    const chunk = await plan();
    await failWith('sleep');
    const stopping = new AbortController();
    const outcome = deliverOnce(handler(stopping.signal));
    const asleep = `select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    await waitUntil('it runs', async () => (await database.query(asleep)).length > 0);
    stopping.abort();
    expect(await outcome).toEqual({ outcome: 'given back' });
    await boss.offWork(chunkQueue);
    await waitUntil('its job has ended', async () => await outputOf(chunk.job_id));
    expect(await database.query(asleep)).toEqual([]);
    expect(await errors()).toEqual([]);
    expect(await chunks()).toMatchObject([{ state: 'queued', attempt: 0 }]);
  });

  it('is dead when it has failed as often as its rollup allows by now', async () => {
    await plan();
    await failWith('22003');
    await database.query('update silver.timeseries_rollup_config set max_retries = 0');
    expect(await deliverOnce(handler())).toMatchObject({ code: '22003' });
    expect(await chunks()).toMatchObject([{ state: 'dead', attempt: 1 }]);
  });
});
