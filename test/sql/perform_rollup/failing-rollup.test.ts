import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, collectNotices, configOf } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 48);
  // The first of the source fails half-way; a sibling of it, another source, and a child come after.
  await database.query(
    `select silver.create_rollup_table('public.readings', 'public', 'breaking', '1 hour',
       start_from => '2001-01-01Z', dimensions => '{device}', processing_window => '10 hours', target_chunk_duration => '1 microsecond');
     select silver.create_rollup_table('public.breaking', 'public', 'breaking_daily', '1 day', start_from => '2001-01-01Z');
     update silver.timeseries_rollup_config set retry_delay = '4 minutes';
     alter table public.breaking add constraint no_fifteen check ("timestamp" <> '2001-01-01 15:00Z');`,
  );
  await declareHourly(database);
  await database.query(
    `create table public.other (at timestamptz not null, n integer); create index on public.other (at);
     insert into public.other values ('2001-01-01 00:30Z', 1);
     select silver.create_rollup_table('public.other', 'public', 'other_hourly', '1 hour', start_from => '2001-01-01Z');`,
  );
});

it('stops only itself: its siblings and other sources are computed, and what it had computed before stays', async () => {
  const client = await database.connect();
  const notices = collectNotices(client);
  const { rows: done } = await client.query(
    'select target_table, failed::int from silver.perform_rollup() order by 1',
  );
  expect(done).toEqual([
    { target_table: 'public.breaking', failed: 1 },
    { target_table: 'public.hourly', failed: 0 },
    { target_table: 'public.other_hourly', failed: 0 },
  ]);
  expect(await mismatches(database)).toEqual([]);
  const [kept] = await database.query<{ rows: number; last: string }>(
    'select count(*)::int as rows, max(timestamp)::text as last from public.breaking',
  );
  // Some whole chunks, and nothing of the one that failed.
  expect(kept?.rows).toBeGreaterThan(0);
  const [covered] = await database.query<{ whole: boolean }>(
    `select covered = tstzmultirange(tstzrange('2001-01-01Z', r.last_processed_time))
       and r.last_processed_time > (select max(timestamp) from public.breaking)
       and r.last_processed_time <= '2001-01-01 15:00Z' as whole
     from silver.timeseries_progress join silver.timeseries_rollup_config r using (rollup_id)
     where r.target_table = 'public.breaking'::regclass`,
  );
  expect(covered).toEqual({ whole: true });
  expect(notices.filter((notice) => notice.startsWith('WARNING'))).toEqual([
    expect.stringMatching(
      /^WARNING: public\.breaking: attempt 1 of \d+ buckets failed: .*"no_fifteen"/,
    ),
  ]);
});

it('is recorded with message, SQLSTATE, detail, context, attempted query and attempt', async () => {
  const [entry, ...others] = await database.query(
    `select e.*, r.target_table::text as target, e.occurred_at > now() - interval '10 minutes' as lately
     from silver.timeseries_error_log e join silver.timeseries_rollup_config r using (rollup_id)`,
  );
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    target: 'breaking',
    error_message: expect.stringContaining('violates check constraint "no_fifteen"'),
    sql_state: '23514',
    detail: expect.stringContaining('Failing row contains'),
    hint: null,
    context: expect.stringContaining('silver.run_chunk'),
    attempted_query: expect.stringMatching(/insert into public\.breaking/i),
    attempt: 1,
    worker_id: expect.stringMatching(/^call\/\d+$/),
    lately: true,
  });
  expect(await configOf(database, 'public.breaking')).toMatchObject({
    status: 'error',
    worker_id: null,
    retry_count: 0,
  });
});

it('goes on beyond the chunk that failed, which waits for its backoff', async () => {
  expect(await callRollups(database, 'perform_rollup', 'public.breaking')).toMatchObject([
    { failed: 0 },
  ]);
  expect(await callRollups(database, 'perform_rollup', 'public.breaking')).toEqual([]);
  expect(
    await database.query(
      'select timestamp from public.hourly except select timestamp from public.breaking order by 1',
    ),
  ).toContainEqual({ timestamp: new Date('2001-01-01T15:00:00Z') });
  expect(await configOf(database, 'public.breaking')).toMatchObject({
    status: 'error',
    retry_count: 0,
  });
});

it('fails for the second time when its backoff is over, and its retry_count says so', async () => {
  await database.query(`update silver.timeseries_chunk set retry_at = now()`);
  expect(await callRollups(database, 'perform_rollup', 'public.breaking')).toMatchObject([
    { chunks: 0, failed: 1 },
  ]);
  expect(await configOf(database, 'public.breaking')).toMatchObject({
    status: 'error',
    retry_count: 1,
  });
});

it('goes on where it failed once the cause is mended', async () => {
  await database.query(`alter table public.breaking drop constraint no_fifteen`);
  await database.query(`select silver.reset_rollup_retry('public.breaking')`);
  await callRollups(database, 'perform_rollup', 'public.readings');
  expect(await configOf(database, 'public.breaking')).toMatchObject({
    status: 'idle',
    retry_count: 0,
  });
  expect(
    await database.query('select * from public.breaking except select * from public.hourly'),
  ).toEqual([]);
  expect(
    await database.query(`select sum(row_count)::int as rows from public.breaking_daily`),
  ).toEqual([{ rows: 2880 }]);
});

it('whose target was dropped behind its back stops no sibling either', async () => {
  await database.query('drop table public.breaking cascade');
  await database.query(`insert into public.readings values ('2001-01-02 10:00:30Z', 'd0', 1)`);
  // And a new stretch, for which partitions would have to be made.
  await database.query(`update silver.timeseries_progress set covered = '{}', dirty = '{}'`);
  await callRollups(database, 'perform_rollup');
  expect(await mismatches(database)).toEqual([]);
  const errors = await database.query(
    `select count(*)::int as n from silver.timeseries_error_log e
     where e.rollup_id = (select r.rollup_id from silver.timeseries_rollup_config r where r.target_table::text ~ '^[0-9]+$')
       and e.chunk_id > 0 and e.occurred_at > now() - interval '10 minutes'`,
  );
  expect(errors).not.toEqual([{ n: 0 }]);
});
