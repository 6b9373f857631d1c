import { beforeAll, describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

/** What the first version of the specified system got wrong, each so that it would be seen again. */
describe('mistakes of the first version', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await database.query(`create schema app; set timezone = 'UTC';
      create table app.readings (at timestamptz not null, device text, value integer, big bigint, "minXvalue" integer, note text);
      create index on app.readings (at);
      insert into app.readings select '2026-01-01 00:00Z'::timestamptz + n * interval '7 minutes', 'd' || n % 2, n, 9007199254740993 + n, 1, 'x' from generate_series(0, 999) n`);
  });

  it('windows are aligned to buckets: an edge bucket is never overwritten with part of its rows', async () => {
    await database.query(`select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', look_back_window => '10 minutes', start_from => '2026-01-01 02:37Z', dimensions => '{device}',
        safety_buffer => now() - timestamptz '2026-01-06 00:00Z');
      update silver.timeseries_rollup_config set rerun_interval = '0'`);
    // Chunks of three buckets each, as a scheduler with a small window cuts them.
    while ((await tick(database, 3)) > 0) {
      const cut = await database.query(
        `select 1 from silver.timeseries_chunk c, unnest(c.ranges) r where extract(epoch from lower(r))::bigint % 3600 <> 0 or extract(epoch from upper(r))::bigint % 3600 <> 0`,
      );
      expect(cut).toEqual([]);
      await runChunks(database);
    }
    expect(
      await database.query(`select h.timestamp from app.hourly h
        full join (select date_bin('1 hour', at, '2000-01-01Z') as b, device, count(*) as n, sum(value) as s from app.readings where at >= '2026-01-01 02:00Z' group by 1, 2) a on a.b = h.timestamp and a.device = h.device
        where (h.row_count, h.sum_value) is distinct from (a.n, a.s)`),
    ).toEqual([]);
  });

  it('an empty window leaves the watermark where it stands or moves it on, never to null', async () => {
    const mark = () =>
      database.query<{ mark: Date }>(
        `select last_processed_time as mark from silver.timeseries_rollup_config where target_table = 'app.hourly'::regclass`,
      );
    await database.query(`update silver.timeseries_rollup_config set safety_buffer = '1 hour'`);
    await settle(database);
    const [before] = await mark();
    expect(before?.mark).toBeInstanceOf(Date);
    // From the last row on all windows were empty.
    expect(before?.mark.getTime()).toBeGreaterThan(Date.parse('2026-11-01'));
    await database.query(`delete from app.readings where at >= '2026-01-03Z'`);
    await settle(database);
    expect((await mark())[0]?.mark.getTime()).toBeGreaterThanOrEqual(
      before?.mark.getTime() ?? Infinity,
    );
  });

  it('without dimensions there are metrics all the same', async () => {
    await database.query(
      `select silver.create_rollup_table('app.readings', 'app', 'plain', '1 day', start_from => '2026-01-01Z')`,
    );
    await settle(database);
    expect(
      await database.query(
        `select sum(row_count)::int as n, max(max_value) as max, (array_agg(note))[1] as note from app.plain`,
      ),
    ).toEqual([{ n: 412, max: 411, note: 'x' }]);
  });

  it('a rollup of a rollup does not average averages', async () => {
    await database.query(
      `select silver.create_rollup_table('app.hourly', 'app', 'monthly', '1 month', dimensions => '{}', start_from => '2026-01-01Z')`,
    );
    await settle(database);
    expect(
      await database.query(`select m.avg_value = a.avg as same, m.avg_value = h.avg as as_before from app.monthly m,
      (select avg(value) from app.readings where at >= '2026-01-01 02:00Z') a, (select avg(avg_value) from app.hourly) h where m.row_count > 0`),
    ).toEqual([{ same: true, as_before: false }]);
  });

  it('an underscore in a name is an underscore: columns are known by their role, not by LIKE', async () => {
    // "minXvalue" is like 'min_%'.
    expect(
      await database.query(
        `select column_name, role from silver.timeseries_rollup_column where rollup_id = (select rollup_id from silver.timeseries_rollup_config where target_table = 'app.plain'::regclass) and metric = 'minXvalue' order by position`,
      ),
    ).toEqual(
      ['min', 'max', 'avg', 'sum', 'count'].map((role) => ({
        column_name: `${role}_minXvalue`,
        role,
      })),
    );
    expect(
      await database.query(`select sum("sum_minXvalue")::int as sum from app.monthly`),
    ).toEqual(
      await database.query(
        `select count(*)::int as sum from app.readings where at >= '2026-01-01 02:00Z'`,
      ),
    );
  });

  it('bigint is a number, summed exactly', async () => {
    expect(
      await database.query(
        `select sum(sum_big)::text as sum, pg_typeof(max(avg_big))::text as type from app.plain`,
      ),
    ).toEqual(
      await database.query(`select sum(big)::text as sum, 'numeric' as type from app.readings`),
    );
  });

  it('averages of integers are not rounded', async () => {
    await database.query(`create table app.two (at timestamptz, s smallint, i integer, b bigint); insert into app.two values ('2026-01-01Z', 1, 1, 9223372036854775806), ('2026-01-01Z', 2, 2, 9223372036854775807);
      select silver.create_rollup_table('app.two', 'app', 'two_hourly', '1 hour', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(
      await database.query(
        `select avg_s::text::numeric = 1.5 as s, avg_i = 1.5 as i, avg_b = 9223372036854775806.5 as b from app.two_hourly`,
      ),
    ).toEqual([{ s: true, i: true, b: true }]);
  });

  it('the status is seen by others while a chunk runs', async () => {
    await database.query(`insert into app.readings (at) values ('2026-01-01 05:00Z')`);
    const target = `(select rollup_id from silver.timeseries_rollup_config where target_table = 'app.plain'::regclass)`;
    await tick(database);
    const [chunk] = await database.query<{ id: string }>(
      `select chunk_id::text as id from silver.timeseries_chunk where rollup_id = ${target}`,
    );
    const worker = await database.connect();
    await worker.query('select silver.start_chunk($1, $2, 1, null)', [chunk?.id, 'worker 7']);
    await worker.query('begin');
    await worker.query('select silver.run_chunk($1, $2, 1)', [chunk?.id, 'worker 7']);
    const seen = `select status, worker_id from silver.timeseries_rollup_config where rollup_id = ${target}`;
    expect(await database.query(seen)).toEqual([{ status: 'processing', worker_id: 'worker 7' }]);
    await worker.query('commit');
    expect(await database.query(seen)).toEqual([{ status: 'idle', worker_id: null }]);
    await settle(database);
  });

  it('statistics and monitoring raise no "ambiguous column"', async () => {
    for (const call of [
      `silver.get_detailed_stats('%')`,
      `silver.get_partition_stats('app.plain')`,
      'silver.validate_rollup_config()',
      'silver.timeseries_operations_monitor',
      `silver.optimize_chunk_interval('app.plain')`,
      `silver.maintain_timeseries_tables('app.plain')`,
      'silver.handle_rollup_retries()',
    ]) {
      await expect(database.query(`select * from ${call}`), call).resolves.toBeInstanceOf(Array);
    }
  });

  it('buckets below a second are possible, as a bucket and as a rollup', async () => {
    expect(
      await database.query(
        `select silver.time_bucket('0.25 s', '2026-01-01 00:00:00.6Z')::text as at`,
      ),
    ).toEqual([{ at: '2026-01-01 00:00:00.5+00' }]);
    await database.query(`create table app.fast (at timestamptz, n integer); insert into app.fast values ('2026-01-01 00:00:00.1Z', 1), ('2026-01-01 00:00:00.2Z', 2), ('2026-01-01 00:00:00.7Z', 4);
      select silver.create_rollup_table('app.fast', 'app', 'fast_quarter', '250 ms', start_from => '2026-01-01Z', partition_interval => '0')`);
    const [first] = await database.query<{ id: number }>(
      `select rollup_id as id from silver.timeseries_rollup_config where target_table = 'app.fast_quarter'::regclass`,
    );
    await database.query(
      `select * from silver.refresh_range($1, '["2026-01-01 00:00Z","2026-01-01 00:00:01Z")')`,
      [first?.id],
    );
    expect(
      await database.query(
        `select timestamp::text as at, sum_n::int as sum from app.fast_quarter order by 1`,
      ),
    ).toEqual([
      { at: '2026-01-01 00:00:00+00', sum: 3 },
      { at: '2026-01-01 00:00:00.5+00', sum: 4 },
    ]);
  });
});
