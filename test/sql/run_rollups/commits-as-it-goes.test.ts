import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { collectNotices, configOf } from '../call-results.ts';

const database = useDatabase();
/** Held by the test: the chunk that writes the twelfth hour of a day waits for it. */
const gate = 4711;

beforeAll(async () => {
  await createReadings(database, 48);
  await declareHourly(
    database,
    `, processing_window => '6 hours', target_chunk_duration => '1 microsecond'`,
  );
  await database.query(
    `create function public.wait_at_noon() returns trigger language plpgsql as $$ begin
       if new.timestamp = '2001-01-01 12:00Z' then perform pg_advisory_xact_lock(${gate}); end if;
       return new; end $$;
     create trigger wait_at_noon before insert on public.hourly for each row execute function public.wait_at_noon()`,
  );
});

/** Starts a call, and returns when it waits in the middle of the chunk of noon. */
async function callUntilNoon(): Promise<{ call: pg.Client; pid: number; ended: Promise<unknown> }> {
  const call = await database.connect();
  const { rows } = await call.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid ?? 0;
  const ended = call.query('call silver.run_rollups()').catch((error: unknown) => error);
  await waitUntil('the call waits at noon', async () => {
    const waiting = await database.query(
      `select from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted and pid = $1`,
      [pid],
    );
    return waiting.length > 0;
  });
  return { call, pid, ended };
}

it('cannot run in a transaction block, and says so', async () => {
  await database.query('begin');
  await expect(database.query('call silver.run_rollups()')).rejects.toMatchObject({
    code: '2D000',
  });
  await database.query('rollback');
});

it('shows what it does while it does it, and what it has done stays done when it is killed', async () => {
  const gatekeeper = await database.connect();
  await gatekeeper.query('select pg_advisory_lock($1)', [gate]);
  const { pid, ended } = await callUntilNoon();

  const shown = await configOf(database, 'public.hourly');
  expect(shown).toMatchObject({ status: 'processing', worker_id: `call/${pid}`, retry_count: 0 });
  expect(shown['last_processed_time']).toMatch(/^2001-01-01 \d\d:00:00/);
  const before = await database.query('select timestamp from public.hourly order by 1');
  expect(before.length).toBeGreaterThan(0);

  await database.query('select pg_terminate_backend($1)', [pid]);
  expect(await ended).toBeInstanceOf(Error);
  await gatekeeper.query('select pg_advisory_unlock($1)', [gate]);
  expect(await database.query('select timestamp from public.hourly order by 1')).toEqual(before);
  expect(await configOf(database, 'public.hourly')).toMatchObject({ status: 'processing' });
});

it('the next call goes on beyond the orphan, and takes it over after stale_after', async () => {
  const call = await database.connect();
  const notices = collectNotices(call);
  await call.query('call silver.run_rollups()');
  expect(notices.length).toBeGreaterThan(0);
  const missing = () =>
    database.query(
      `select distinct date_bin('1 hour', at, '2001-01-01Z') as hour from public.readings
       except select timestamp from public.hourly`,
    );
  expect(await missing()).toContainEqual({ hour: new Date('2001-01-01T12:00:00Z') });
  await database.query(
    `update silver.timeseries_chunk set planned_at = now() - interval '31 minutes', started_at = now() - interval '31 minutes'`,
  );
  await call.query('call silver.run_rollups()');
  expect(await mismatches(database)).toEqual([]);
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'idle',
    worker_id: null,
  });
});

it('computes nothing twice', async () => {
  expect(
    await database.query(
      `select from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b on a.refresh_id < b.refresh_id and a.ranges && b.ranges`,
    ),
  ).toEqual([]);
  const call = await database.connect();
  const notices = collectNotices(call);
  await call.query('call silver.run_rollups()');
  expect(notices).toEqual([]);
});

it('sees to READ COMMITTED itself', async () => {
  await database.query(`insert into public.readings values ('2001-01-01 03:00:30Z', 'd0', 1)`);
  const call = await database.connect();
  await call.query(`set default_transaction_isolation = 'serializable'`);
  await call.query('call silver.run_rollups()');
  expect(await mismatches(database)).toEqual([]);
});

it('leaves the settings of its session as they were', async () => {
  const call = await database.connect();
  await call.query(`set lock_timeout = '7s'`);
  await call.query('call silver.run_rollups()');
  expect(
    (
      await call.query(
        `select current_setting('lock_timeout') as lock, current_setting('synchronous_commit') as sync`,
      )
    ).rows,
  ).toEqual([{ lock: '7s', sync: 'on' }]);
});
