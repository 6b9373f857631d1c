import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createReadings, declareHourly, isSettled, mismatches } from '../integration/readings.ts';
import { endProcess, runSilver, startSilver } from '../integration/silver-under-test.ts';
import { useDatabase } from '../support/use-database.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('scheduler and workers as processes', () => {
  const database = useDatabase();
  const processes: ChildProcess[] = [];
  const start = (...args: string[]) => {
    const child = startSilver(database.url, args);
    processes.push(child);
    return child;
  };
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((child) => endProcess(child, 'SIGKILL')));
  });

  it('a worker killed in the middle of a chunk loses nothing and does nothing twice', async () => {
    await createReadings(database, 100);
    await declareHourly(database, ", processing_window => '20 hours'");
    // The first attempt at the first hour sleeps, long enough to be killed in.
    await database.query(`
      create table public.seen (at timestamptz);
      create function public.linger() returns trigger language plpgsql as $$ begin
        if pg_try_advisory_xact_lock(4711) and not exists (select from silver.timeseries_error_log)
          and (select count(*) from silver.timeseries_refresh_log) = 0 and current_setting('application_name') ~ 'worker' then
          perform pg_sleep(600);
        end if;
        return null; end $$;
      create trigger linger after insert on public.hourly for each statement execute function public.linger()`);
    start('scheduler');
    const worker = start('worker', '--concurrency', '1');
    const asleep = `select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    const [sleeper] = await waitUntil('a chunk is in the middle', async () => {
      const rows = await database.query<{ pid: number }>(asleep);
      return rows.length > 0 && rows;
    });
    const running = await database.query(
      `select status, worker_id is not null as known from silver.timeseries_rollup_config`,
    );
    expect(running).toEqual([{ status: 'processing', known: true }]);
    expect(await endProcess(worker, 'SIGKILL')).toBe('SIGKILL');
    await waitUntil('its backend is gone', async () =>
      database
        .query('select from pg_stat_activity where pid = $1', [sleeper?.pid])
        .then((rows) => rows.length === 0),
    );
    await database.query('drop trigger linger on public.hourly');
    start('worker');
    await waitUntil('everything is settled', () => isSettled(database), 60_000);
    expect(await mismatches(database)).toEqual([]);
    const twice = await database.query(`
      select from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b
      on a.refresh_id < b.refresh_id and a.ranges && b.ranges`);
    expect(twice).toEqual([]);
  }, 120_000);

  it('status and rollup list say what is there; a wrong database says what to do', async () => {
    const status = await runSilver(database.url, ['status', '--json']);
    expect([status.code, status.stderr]).toEqual([0, '']);
    expect(JSON.parse(status.stdout)).toMatchObject([{ reason: 'fresh' }]);
    const list = await runSilver(database.url, ['rollup', 'list']);
    expect(list.stdout).toContain('hourly');
    const nowhere = await runSilver('postgres://postgres@127.0.0.1:1/none', ['status']);
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.stderr).toMatch(/127\.0\.0\.1:1/);
  });

  it('rollup create declares a rollup, and names the argument that is wrong', async () => {
    const made = await runSilver(database.url, [
      'rollup',
      'create',
      'public.readings',
      'public.daily',
      '--every',
      '1 day',
      '--dimensions',
      'device',
    ]);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const wrong = await runSilver(database.url, [
      'rollup',
      'create',
      'public.nothing',
      'public.x',
      '--every',
      '1 day',
    ]);
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toContain('public.nothing');
  });
});
