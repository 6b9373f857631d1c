import type { ChildProcess } from 'node:child_process';
import { startScheduler } from '@silver/scheduler';
import type { Service } from '@silver/shared';
import { startWorker } from '@silver/worker';
import { afterEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled, mismatches } from '../readings.ts';
import { endProcess, quietLogger, startSilver, testConfig } from '../silver-under-test.ts';

describe('a running scheduler', { timeout: 120_000 }, () => {
  const database = useDatabase();
  const running: Service[] = [];
  const processes: ChildProcess[] = [];
  const config = (variables = {}) => testConfig(database.url, variables);
  const scheduler = async (variables = {}) => {
    running.push(await startScheduler(config(variables), quietLogger()));
  };
  const worker = async () => {
    running.push(await startWorker(config(), quietLogger()));
  };
  const stopAll = async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await Promise.all(processes.splice(0).map((child) => endProcess(child, 'SIGKILL')));
  };
  afterEach(async () => {
    await stopAll();
    await database.query(`
      select silver.release_chunk(chunk_id) from silver.timeseries_chunk;
      delete from silver.timeseries_rollup_config;
      delete from silver.timeseries_tracked_source;
      delete from silver_pgboss.job`);
    const tables = await database.query<{ name: string }>(
      "select oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition",
    );
    for (const { name } of tables) await database.query(`drop table if exists ${name} cascade`);
  });
  const settled = () => waitUntil('everything is settled', () => isSettled(database), 100_000);

  it('fills a rollup from the first row to the last complete bucket, then takes late rows in', async () => {
    await createReadings(database, 500);
    await declareHourly(database);
    await Promise.all([scheduler(), worker()]);
    await settled();
    expect(await mismatches(database)).toEqual([]);

    await database.query(`
      insert into public.readings values ('2001-01-03 10:10Z', 'd1', 1000);
      update public.readings set value = -5 where at = '2001-01-05Z';
      delete from public.readings where at < '2001-01-01 02:00Z'`);
    await waitUntil('the late rows are in', async () => (await mismatches(database)).length === 0);
    await settled();
    const reasons = await database.query(
      'select distinct reason from silver.timeseries_refresh_log order by 1',
    );
    expect(reasons).toEqual([{ reason: 'forward' }, { reason: 'late' }]);
  });

  it('two of them share the work, and no bucket is computed twice', async () => {
    // On a loaded machine 50 ms are a bucket or two, so that this is a chunk for nearly every bucket.
    await createReadings(database, 300);
    await declareHourly(
      database,
      ", processing_window => '5 hours', target_chunk_duration => '50 ms'",
    );
    await Promise.all([scheduler(), scheduler(), worker(), worker()]);
    await settled();
    expect(await mismatches(database)).toEqual([]);
    const twice = await database.query(`
      select from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b
      on a.refresh_id < b.refresh_id and a.ranges && b.ranges`);
    expect(twice).toEqual([]);
  });

  it('delivers every chunk again after somebody deleted all jobs', async () => {
    await createReadings(database, 100);
    await declareHourly(database);
    await scheduler();
    const inFlight = () => database.query('select chunk_id from silver.timeseries_chunk');
    await waitUntil('chunks are planned', async () => (await inFlight()).length > 0);
    await database.query('delete from silver_pgboss.job');
    await worker();
    await settled();
    expect(await mismatches(database)).toEqual([]);
  });

  it('leaves no trace of idling: an unchanged source writes nothing', async () => {
    await createReadings(database, 50);
    await declareHourly(database);
    await Promise.all([scheduler(), worker()]);
    await settled();
    const written =
      'select count(*) as refreshes, sum(rows_inserted + rows_updated + rows_deleted) as rows from silver.timeseries_refresh_log';
    const before = await database.query(written);
    const versions = 'select xmin::text, ctid::text from public.hourly order by 1, 2';
    const rows = await database.query(versions);
    await database.query(
      `select silver.invalidate('public.readings', '2001-01-01Z', '2001-01-03Z')`,
    );
    await waitUntil(
      'it was computed again',
      async () => (await database.query(written))[0]?.['refreshes'] !== before[0]?.['refreshes'],
    );
    await settled();
    expect((await database.query<{ rows: string }>(written))[0]?.rows).toBe(
      (before[0] as unknown as { rows: string }).rows,
    );
    expect(await database.query(versions)).toEqual(rows);
  });

  it('buries a chunk that is out of attempts, and goes on with the others', async () => {
    await createReadings(database, 48);
    await declareHourly(database, ", max_retries => 1, processing_window => '24 hours'");
    await database.query(`
      create function public.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'not this one' using errcode = '22003', hint = 'think'; end $$;
      create trigger refuse before insert on public.hourly for each row
        when (new.timestamp < '2001-01-02Z') execute function public.refuse()`);
    await Promise.all([scheduler(), worker()]);
    const dead = await waitUntil('a chunk is dead', async () =>
      database
        .query(
          "select attempt, last_error, lower(ranges)::text as since from silver.timeseries_chunk where state = 'dead'",
        )
        .then((rows) => rows.length > 0 && rows),
    );
    expect(dead).toEqual([
      { attempt: 2, last_error: 'not this one', since: '2001-01-01 00:00:00+00' },
    ]);
    const filled = 'select from public.hourly where timestamp >= $1';
    await waitUntil(
      'the others are done',
      async () => (await database.query(filled, ['2001-01-02Z'])).length === 72,
    );
    const [status] = await database.query(
      'select status, dead, last_error from silver.timeseries_operations_monitor',
    );
    expect(status).toMatchObject({ status: 'error', dead: '1', last_error: 'not this one' });
  });

  it('is not held up by a source that fails', async () => {
    await createReadings(database, 48);
    await declareHourly(database);
    await database.query(`
      create table public.broken (at timestamptz not null, value integer);
      insert into public.broken values ('2001-01-01Z', 1);
      select silver.create_rollup_table('public.broken', 'public', 'broken_hourly', '1 hour', start_from => '2001-01-01Z')`);
    // Its progress row is held, so its turn waits for a lock until it times out.
    const holder = await database.connect();
    await holder.query('begin');
    await holder.query(`
      select p.* from silver.timeseries_progress p join silver.timeseries_rollup_config r using (rollup_id)
      where r.target_table = 'public.broken_hourly'::regclass for update of p`);
    await Promise.all([scheduler({ SILVER_LOCK_TIMEOUT_MS: '1000' }), worker()]);
    await waitUntil(
      'the other source is fresh',
      async () => (await mismatches(database)).length === 0,
    );
    await holder.query('rollback');
    await waitUntil('the broken source has recovered', async () =>
      database.query('select from public.broken_hourly').then((rows) => rows.length === 1),
    );
  });

  it('stops within a moment, and may be killed at any', async () => {
    await createReadings(database, 1_500);
    await declareHourly(
      database,
      ", processing_window => '5 hours', target_chunk_duration => '50 ms'",
    );
    await worker();
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const child = startSilver(database.url, ['scheduler']);
      processes.push(child);
      await waitUntil('it listens', async () => (await listeners()) > 0);
      const before = await refreshes();
      await waitUntil('it plans', async () => (await refreshes()) > before + 3);
      expect(await endProcess(child, signal)).toBe(signal === 'SIGTERM' ? 0 : 'SIGKILL');
    }
    await scheduler();
    await settled();
    expect(await mismatches(database)).toEqual([]);
  });

  const listeners = async () =>
    Number(
      (
        await database.query<{ n: string }>(
          `select count(*) as n from pg_stat_activity where datname = current_database() and query ilike 'listen "silver_wake"%'`,
        )
      )[0]?.n,
    );
  const refreshes = async () =>
    Number(
      (
        await database.query<{ n: string }>(
          'select count(*) as n from silver.timeseries_refresh_log',
        )
      )[0]?.n,
    );
});
