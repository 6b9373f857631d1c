import { startScheduler } from '@silver/scheduler';
import { chunkQueue, type Service } from '@silver/shared';
import { startWorker } from '@silver/worker';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled, mismatches } from '../readings.ts';
import { quietLogger, testConfig } from '../silver-under-test.ts';

describe('a scheduler that finds something amiss', () => {
  let database: TestDatabase;
  const running: Service[] = [];
  const scheduler = async () => {
    running.push(await startScheduler(testConfig(database.url), quietLogger()));
  };
  const worker = async () => {
    running.push(await startWorker(testConfig(database.url), quietLogger()));
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await database.drop();
  });
  const readings = async (hours: number, more: string) => {
    database = await createTestDatabase();
    await createReadings(database, hours);
    await declareHourly(database, more);
  };
  const settled = () => waitUntil('everything is settled', () => isSettled(database), 60_000);
  const chunks = () =>
    database.query<{ chunk_id: string; job_id: string; state: string; attempt: number }>(
      'select * from silver.timeseries_chunk order by chunk_id',
    );
  const liveJobs = () =>
    database.query<{ id: string }>(
      `select id from silver_pgboss.job where name = $1 and state in ('created', 'retry', 'active')`,
      [chunkQueue],
    );

  it('gives a chunk whose worker has died to another, fenced, and counts the attempt', async () => {
    await readings(24, ', max_in_flight => 1');
    await scheduler();
    const [chunk] = await waitUntil('a chunk is planned', async () => {
      const planned = await chunks();
      return planned.length > 0 && planned;
    });
    // As a worker does that is killed between its announcement and the chunk's first statement.
    await database.query(`select silver.start_chunk($1, 'gone:1:a', 1, null)`, [chunk?.chunk_id]);
    await database.query(
      `update silver.timeseries_chunk set started_at = clock_timestamp() - interval '1 minute'`,
    );
    await waitUntil('it has another job', async () => {
      const [now] = await chunks();
      return now?.job_id !== chunk?.job_id && now?.state === 'queued' && now.attempt === 1;
    });
    const jobs = await liveJobs();
    expect(jobs.map(({ id }) => id)).toEqual((await chunks()).map(({ job_id }) => job_id));
    const errors = await database.query(
      'select attempt, worker_id, error_message from silver.timeseries_error_log',
    );
    expect(errors).toEqual([
      { attempt: 1, worker_id: 'gone:1:a', error_message: expect.stringContaining('gone:1:a') },
    ]);
    await worker();
    await settled();
    expect(await mismatches(database)).toEqual([]);
    const log = 'select attempt from silver.timeseries_refresh_log where chunk_id = $1';
    expect(await database.query(log, [chunk?.chunk_id])).toEqual([{ attempt: 2 }]);
  });

  it('leaves a chunk alone whose row is held, however long it runs', async () => {
    await readings(24, ', max_in_flight => 1');
    await scheduler();
    const [chunk] = await waitUntil('a chunk is planned', async () => {
      const planned = await chunks();
      return planned.length > 0 && planned;
    });
    await database.query(`select silver.start_chunk($1, 'alive:1:a', 1, null)`, [chunk?.chunk_id]);
    await database.query(
      `update silver.timeseries_chunk set started_at = clock_timestamp() - interval '1 minute'`,
    );
    const holder = await database.connect();
    await holder.query('begin');
    // In a subtransaction that is over, as run_chunk takes it.
    await holder.query('savepoint taken');
    await holder.query('select from silver.timeseries_chunk for update');
    await holder.query('release taken');
    expect(await database.query('select * from silver.abandoned_chunks()')).toEqual([]);
    await holder.query('rollback');
    await waitUntil('it is given away once it is free', async () => {
      const [now] = await chunks();
      return now?.job_id !== chunk?.job_id;
    });
  });

  it('tries one chunk at a time of a rollup that keeps failing, until one succeeds', async () => {
    await readings(
      200,
      ", processing_window => '5 hours', target_chunk_duration => '1 s', max_in_flight => 8",
    );
    await database.query(`
      update silver.timeseries_rollup_config set circuit_after = 3, retry_delay = '1 s', retry_delay_max = '1 s';
      create function public.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'not today' using errcode = '22003'; end $$;
      create trigger refuse before insert on public.hourly for each statement execute function public.refuse()`);
    await Promise.all([scheduler(), worker()]);
    const open = 'select from silver.timeseries_rollup_config where probe_at is not null';
    await waitUntil('the circuit is open', async () => (await database.query(open)).length > 0);
    const held =
      "select from silver_pgboss.job where output ->> 'outcome' = 'held' and state = 'completed'";
    await waitUntil('others are held', async () => (await database.query(held)).length > 0);
    await waitUntil('one job is left', async () => (await liveJobs()).length <= 1);
    const running =
      "select count(*)::integer as n from silver.timeseries_chunk where state = 'running'";
    const failures = async () =>
      (
        await database.query<{ n: number }>(
          'select failures as n from silver.timeseries_rollup_config',
        )
      )[0]?.n ?? 0;
    const before = await failures();
    await waitUntil('it goes on trying', async () => {
      expect((await liveJobs()).length).toBeLessThanOrEqual(1);
      expect((await database.query<{ n: number }>(running))[0]?.n).toBeLessThanOrEqual(1);
      return (await failures()) >= before + 2;
    });
    await database.query('drop trigger refuse on public.hourly');
    await settled();
    expect(await mismatches(database)).toEqual([]);
    const closed = 'select failures, probe_at from silver.timeseries_rollup_config';
    expect(await database.query(closed)).toEqual([{ failures: 0, probe_at: null }]);
  }, 120_000);

  it("goes on when pg-boss's schema was dropped while everything runs", async () => {
    await readings(200, ", processing_window => '5 hours', max_in_flight => 4");
    await Promise.all([scheduler(), worker()]);
    const done = 'select from silver.timeseries_refresh_log';
    await waitUntil('it works', async () => (await database.query(done)).length > 0);
    await database.query('drop schema silver_pgboss cascade');
    await settled();
    expect(await mismatches(database)).toEqual([]);
    const twice = `select from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b
      on a.refresh_id < b.refresh_id and a.ranges && b.ranges`;
    expect(await database.query(twice)).toEqual([]);
  }, 120_000);

  it('a job whose chunk is gone ends by itself', async () => {
    await readings(24, ', max_in_flight => 1');
    await scheduler();
    await waitUntil('a chunk is planned', async () => (await chunks()).length > 0);
    const [job] = await liveJobs();
    await database.query('update silver.timeseries_rollup_config set paused_until = $1', [
      'infinity',
    ]);
    await database.query('select silver.release_chunk(chunk_id) from silver.timeseries_chunk');
    await worker();
    const ended = `select from silver_pgboss.job where id = $1 and output ->> 'outcome' = 'superseded'`;
    await waitUntil(
      'it has ended',
      async () => (await database.query(ended, [job?.id])).length > 0,
    );
    expect(await liveJobs()).toEqual([]);
  });

  it('waits for no instant that a clock left behind which ran a day ahead', async () => {
    await readings(48, ", processing_window => '5 hours', max_in_flight => 4");
    await Promise.all([scheduler(), worker()]);
    await settled();
    await Promise.all(running.splice(0).map((service) => service.stop()));
    // What Silver and pg-boss write down while the clock is a day ahead; then it is set right.
    await database.query(`
      update public.readings set value = value + 1;
      select silver.advance_horizon(source_id), silver.consume_log(source_id) from silver.timeseries_tracked_source;
      update silver.timeseries_rollup_config set failures = 9, probe_at = clock_timestamp() + interval '1 day';
      update silver.timeseries_progress set late_planned_at = clock_timestamp() + interval '1 day';
      update silver.timeseries_source_extent set read_at = clock_timestamp() + interval '1 day';
      insert into silver.timeseries_drain (source_id, range, writers, created_at)
      select source_id, tstzrange('2001-01-01Z', '2001-01-02Z'), array['3'::xid8], clock_timestamp() + interval '1 day'
      from silver.timeseries_tracked_source`);
    await scheduler();
    await waitUntil('late work is planned', async () => (await chunks()).length > 0);
    await database.query(
      `update silver_pgboss.job set start_after = now() + interval '1 day' where state = 'created'`,
    );
    await worker();
    await settled();
    expect(await mismatches(database)).toEqual([]);
  }, 120_000);

  it('rows that arrive where a clock that ran ahead had computed already are counted', async () => {
    await readings(48, '');
    // All of today and tomorrow has fallen due, for a while.
    const [due] = await database.query<{ body: string }>(
      `select pg_get_functiondef('silver.due_until(integer)'::regprocedure) as body`,
    );
    await database.query(`
      create or replace function silver.due_until(rollup_id integer) returns timestamptz language sql stable as
        $$ select date_trunc('hour', now() + interval '1 day') $$`);
    await Promise.all([scheduler(), worker()]);
    await settled();
    await database.query(due?.body ?? '');
    await database.query(`
      insert into public.readings select date_trunc('hour', now()) + n * interval '20 minutes', 'd1', n from generate_series(0, 60) n`);
    // Those of buckets that have fallen due by the right clock are in the target soon; all are in the live view at once.
    const [live] = await database.query(
      'select sum(row_count)::integer as n from public.hourly_live',
    );
    expect(live).toEqual({ n: 48 * 60 + 61 });
    const unread = 'select from silver.timeseries_invalidation_log';
    await waitUntil('the log is read', async () => (await database.query(unread)).length === 0);
    const [later] = await database.query(
      'select sum(row_count)::integer as n from public.hourly_live',
    );
    expect(later).toEqual(live);
  }, 120_000);
});
