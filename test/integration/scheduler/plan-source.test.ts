import { type Planner, planSource } from '@silver/scheduler';
import { type DueSource, dueSources, onSlonik } from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { createReadings, declareHourly } from '../readings.ts';
import { testBoss, testConfig, testPool } from '../silver-under-test.ts';

describe("a source's turn", () => {
  const database = useDatabase();
  let pool: DatabasePool;
  let boss: PgBoss;
  let planner: Planner;

  beforeAll(async () => {
    [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
    planner = { pool, boss, config: testConfig(database.url) };
    await createReadings(database, 240);
    await declareHourly(database, ', max_in_flight => 4');
  });
  afterAll(async () => {
    await boss.stop({ graceful: false });
    await pool.end();
  });
  afterEach(async () => {
    await database.query('select silver.release_chunk(chunk_id) from silver.timeseries_chunk');
    await database.query('delete from silver_pgboss.job');
    await database.query(
      "update silver.timeseries_rollup_config set processing_window = '10 hours'",
    );
  });

  const dueSource = async (): Promise<DueSource> => {
    const [source] = await dueSources(onSlonik(pool));
    if (source === undefined) throw new Error('no source is due');
    return source;
  };
  const chunks = () =>
    database.query<{
      chunk_id: string;
      job_id: string;
      ranges: string;
      state: string;
      reason: string;
    }>(
      'select chunk_id, job_id, ranges::text, state, reason from silver.timeseries_chunk order by ranges',
    );
  const jobs = () =>
    database.query<{
      id: string;
      singleton_key: string;
      priority: number;
      data: Record<string, unknown>;
    }>(
      'select id, singleton_key, priority, data, retry_limit, retry_backoff from silver_pgboss.job',
    );

  it('moves the horizon, and cuts pending work into chunks with a job each', async () => {
    const outcome = await planSource(planner, await dueSource(), 0);
    expect(outcome).toMatchObject({ outcome: 'planned', moved: true, noted: 1, settled: 1 });

    const planned = await chunks();
    const delivered = await jobs();
    expect(planned.length).toBeGreaterThan(0);
    expect(delivered).toHaveLength(planned.length);
    for (const chunk of planned) {
      const job = delivered.find(({ id }) => id === chunk.job_id);
      expect(chunk).toMatchObject({ state: 'queued', reason: 'forward' });
      expect(job).toMatchObject({
        singleton_key: chunk.chunk_id,
        priority: 30,
        retry_limit: 10,
        retry_backoff: true,
        data: {
          chunkId: chunk.chunk_id,
          target: 'public.hourly',
          reason: 'forward',
          traceparent: null,
        },
      });
    }
  });

  it('cuts no more than there is room for in flight, at the window in force', async () => {
    await planSource(planner, await dueSource(), 0);
    const ranges = (await chunks()).map((chunk) => chunk.ranges);
    expect(ranges.slice(0, 2)).toEqual([
      '{["2001-01-01 00:00:00+00","2001-01-01 10:00:00+00")}',
      '{["2001-01-01 10:00:00+00","2001-01-01 20:00:00+00")}',
    ]);
    expect(ranges).toHaveLength(4);
    await planSource(
      planner,
      await dueSource().catch(() => ({ sourceId: 1, sourceName: 'public.readings' })),
      1,
    );
    expect(await chunks()).toHaveLength(4);
  });

  it('commits chunks and jobs together or not at all', async () => {
    await database.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise 'no jobs today'; end $$;
      create trigger refuse before insert on silver_pgboss.job_common execute function public.refuse()`);
    const before = await database.query('select dirty::text from silver.timeseries_progress');
    await expect(planSource(planner, await dueSource(), 0)).rejects.toThrow('no jobs today');
    expect(await chunks()).toEqual([]);
    expect(await database.query('select dirty::text from silver.timeseries_progress')).toEqual(
      before,
    );
    await database.query(
      'drop trigger refuse on silver_pgboss.job_common; drop function public.refuse()',
    );
    await planSource(planner, await dueSource(), 0);
    expect(await chunks()).toHaveLength(4);
  });

  it('is given up at once where another scheduler has the source', async () => {
    const source = await dueSource();
    const other = await database.connect();
    await other.query('begin');
    expect((await other.query('select silver.lock_source($1)', [source.sourceId])).rows).toEqual([
      { lock_source: true },
    ]);
    expect(await planSource(planner, source, 0)).toEqual({ outcome: 'busy' });
    await other.query('rollback');
    expect(await chunks()).toEqual([]);
  });

  it('taken by many at once, never puts a bucket into two chunks', async () => {
    const source = await dueSource();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, turn) => planSource(planner, source, turn)),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'planned').length).toBeGreaterThan(0);
    const [{ overlapping } = { overlapping: -1 }] = await database.query<{ overlapping: number }>(`
      select count(*)::integer as overlapping from silver.timeseries_chunk a
      join silver.timeseries_chunk b on a.chunk_id < b.chunk_id and a.ranges && b.ranges`);
    expect(overlapping).toBe(0);
    expect((await chunks()).length).toBeLessThanOrEqual(4);
  });

  it('lets forward and late work take turns', async () => {
    await database.query(`
      update silver.timeseries_progress set covered = '{[2001-01-01Z, 2001-01-03Z)}', dirty = '{[2001-01-01Z, 2001-01-03Z)}'`);
    await planSource(planner, await dueSource(), 0);
    const reasons = (await chunks()).map(({ reason }) => reason).toSorted();
    expect(reasons).toEqual(['forward', 'forward', 'late', 'late']);
    await database
      .query(`update silver.timeseries_progress set covered = '{}', dirty = '{}'`)
      .catch(() => undefined);
  });
});
