import type { ChildProcess } from 'node:child_process';
import { startScheduler } from '@silver/scheduler';
import type { Service } from '@silver/shared';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled, mismatches } from '../readings.ts';
import { endProcess, quietLogger, startSilver, testConfig } from '../silver-under-test.ts';

describe('a worker process', { timeout: 150_000 }, () => {
  const database = useDatabase();
  const processes: ChildProcess[] = [];
  let scheduler: Service;
  let blocker: pg.Client;

  beforeAll(async () => {
    await createReadings(database, 240);
    await declareHourly(
      database,
      ", processing_window => '24 hours', target_chunk_duration => '100 ms'",
    );
    scheduler = await startScheduler(testConfig(database.url), quietLogger());
    blocker = await database.connect();
    // Each chunk waits here when told to, in the middle of its transaction.
    await database.query(`
      create function public.gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(42); return null; end $$;
      create trigger gate before insert or update or delete on public.hourly for each statement execute function public.gate()`);
  });
  afterEach(async () => {
    await blocker.query('select pg_advisory_unlock_all()');
    await Promise.all(processes.splice(0).map((child) => endProcess(child, 'SIGKILL')));
  });
  afterAll(() => scheduler.stop());

  const worker = (variables: Record<string, string> = {}) => {
    const child = startSilver(database.url, ['worker'], variables);
    processes.push(child);
    return child;
  };
  /** Starts a worker and stops it in the middle of chunks. */
  const workerInMidChunk = async (variables: Record<string, string> = {}) => {
    const backends =
      "select from pg_stat_activity where application_name like 'silver worker%' and datname = current_database()";
    const gone = async () => (await database.query(backends)).length === 0;
    await waitUntil('no backend of an earlier worker is left', gone);
    await blocker.query('select pg_advisory_lock(42)');
    await database.query(
      `select silver.invalidate('public.readings', '2001-01-01Z', '2001-01-09Z')`,
    );
    await database.query('update public.readings set value = value + 1');
    const child = worker(variables);
    const waiting = `select from pg_locks where locktype = 'advisory' and objid = 42 and not granted`;
    await waitUntil(
      'a chunk is half done',
      async () => (await database.query(waiting)).length > 0,
      60_000,
    );
    return child;
  };
  const allRight = () =>
    waitUntil(
      'the target equals the source',
      async () => (await isSettled(database)) && (await mismatches(database)).length === 0,
      60_000,
    );

  it('killed in mid-chunk leaves nothing behind, and others do its chunks exactly once', async () => {
    const child = await workerInMidChunk();
    const half = await database.query<{ chunk_id: string }>(
      "select chunk_id from silver.timeseries_chunk where state = 'running'",
    );
    expect(half.length).toBeGreaterThan(0);
    expect(await endProcess(child, 'SIGKILL')).toBe('SIGKILL');
    await blocker.query('select pg_advisory_unlock(42)');
    worker();
    await allRight();
    const ids = half.map(({ chunk_id }) => chunk_id);
    const done = await database.query<{ chunk_id: string }>(
      'select chunk_id, attempt from silver.timeseries_refresh_log where chunk_id = any($1) order by chunk_id',
      [ids],
    );
    expect(done.map(({ chunk_id }) => chunk_id)).toEqual(
      ids.toSorted((a, b) => Number(a) - Number(b)),
    );
  });

  it('told to stop finishes what it runs, within its grace', async () => {
    const child = await workerInMidChunk({ SILVER_STOP_GRACE_MS: '20000' });
    const running = "select from silver.timeseries_chunk where state = 'running'";
    const before = await failures();
    const exited = endProcess(child);
    expect((await database.query(running)).length).toBeGreaterThan(0);
    await blocker.query('select pg_advisory_unlock(42)');
    expect(await exited).toBe(0);
    expect(await failures()).toBe(before);
    expect(await database.query(running)).toEqual([]);
    worker();
    await allRight();
  });

  it('told to stop gives back what its grace does not suffice for, with no attempt spent', async () => {
    const child = await workerInMidChunk({ SILVER_STOP_GRACE_MS: '1000' });
    const before = await failures();
    const running = "select job_id from silver.timeseries_chunk where state = 'running'";
    const jobs = (await database.query<{ job_id: string }>(running)).map(({ job_id }) => job_id);
    expect(await endProcess(child)).toBe(0);
    // Were its backend not cancelled, the chunk would still wait for the gate, and its job could not be ended.
    const ended =
      "select from silver_pgboss.job where id = any($1) and output ->> 'outcome' = 'given back'";
    expect(await database.query(ended, [jobs])).toHaveLength(jobs.length);
    const backends =
      "select from pg_stat_activity where application_name like 'silver worker%' and datname = current_database()";
    expect(await database.query(backends)).toEqual([]);
    expect(await failures()).toBe(before);
    const states = 'select distinct state, attempt from silver.timeseries_chunk';
    expect(await database.query(states)).toEqual([{ state: 'queued', attempt: 0 }]);
    await blocker.query('select pg_advisory_unlock(42)');
    worker();
    await allRight();
  });

  it('exits at once on a second signal', async () => {
    const child = await workerInMidChunk({ SILVER_STOP_GRACE_MS: '60000' });
    const exited = new Promise<number | null>((resolve) => {
      child.on('exit', resolve);
    });
    child.kill('SIGINT');
    const stopping = new Promise<void>((resolve) => {
      child.stdout?.on('data', (data) => String(data).includes('stopping') && resolve());
    });
    await Promise.race([stopping, new Promise((resolve) => setTimeout(resolve, 500))]);
    child.kill('SIGINT');
    expect(await exited).toBe(130);
  });

  const failures = async () =>
    (await database.query('select from silver.timeseries_error_log')).length;
});
