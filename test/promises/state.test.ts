import { beforeAll, describe, expect, it } from 'vitest';
import { chunkIds, runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createHierarchy, liveMismatches } from './hierarchy.ts';

describe('the state', () => {
  const database = useDatabase();
  const everything = () =>
    database.query(`select (select jsonb_agg(to_jsonb(p) - 'late_planned_at' order by rollup_id) from silver.timeseries_progress p) as progress,
      (select count(*)::int from silver.timeseries_chunk) as chunks,
      (select count(*)::int from silver.timeseries_refresh_log) as refreshes,
      (select count(*)::int from silver.timeseries_invalidation_log) as log,
      (select count(*)::int from app.hourly) as rows`);

  beforeAll(async () => {
    await createHierarchy(database);
  });

  it('promise 2: a chunk rolled back has changed nothing, committed it has changed everything', async () => {
    await tick(database, 100);
    const before = await everything();
    const [chunk] = await chunkIds(database);
    await database.query('begin');
    await database.query('select * from silver.run_chunk($1, $2, 1)', [chunk?.chunk_id, 'test']);
    expect(await everything()).not.toEqual(before);
    await database.query('rollback');
    expect(await everything()).toEqual(before);
    expect(await runChunks(database)).toContain('completed');
    const [after] = await everything();
    expect(after).toMatchObject({ chunks: 0 });
    expect(
      await database.query('select * from silver.run_chunk($1, $2, 2)', [
        chunk?.chunk_id,
        'zombie',
      ]),
    ).toMatchObject([{ outcome: 'superseded' }]);
  });

  it('promise 3: no bucket is in two chunks, and a chunk that runs is not run beside itself', async () => {
    await settle(database);
    await database.query(`select silver.invalidate('app.hourly', '2026-01-12Z', '2026-01-13Z')`);
    expect(await tick(database)).toBeGreaterThan(0);
    const again = `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason)
      select rollup_id, ranges, buckets, reason from silver.timeseries_chunk limit 1`;
    await expect(database.query(again)).rejects.toMatchObject({ code: '23P01' });
    const [chunk] = await chunkIds(database);
    const first = await database.connect();
    await first.query('begin');
    await first.query('select * from silver.run_chunk($1, $2, 1)', [chunk?.chunk_id, 'first']);
    const second = await database.query('select outcome from silver.run_chunk($1, $2, 2)', [
      chunk?.chunk_id,
      'second',
    ]);
    expect(second).toEqual([{ outcome: 'deferred' }]);
    await first.query('commit');
  });

  it('promise 4: a chunk that is released gives its dirt back', async () => {
    await settle(database);
    await database.query(`select silver.invalidate('app.hourly', '2026-01-12Z', '2026-01-13Z')`);
    await tick(database);
    expect(
      await database.query(`select from silver.timeseries_progress where not isempty(dirty)`),
    ).toEqual([]);
    for (const { chunk_id: chunk } of await chunkIds(database)) {
      await database.query('select silver.release_chunk($1)', [chunk]);
    }
    expect(
      await database.query(
        `select dirty::text from silver.timeseries_progress where not isempty(dirty)`,
      ),
    ).toEqual([{ dirty: '{["2026-01-12 00:00:00+00","2026-01-13 00:00:00+00")}' }]);
  });

  it('promise 5: computing again what has not changed writes no row and wakes no child', async () => {
    await settle(database);
    const versions =
      'select md5(string_agg(t.ctid::text || t.xmin::text, $1 order by t.tableoid, t.ctid)) from app.hourly t';
    const before = await database.query(versions, [',']);
    await database.query(`select silver.invalidate('app.hourly')`);
    await tick(database);
    await runChunks(database);
    expect(await database.query(versions, [','])).toEqual(before);
    expect(await database.query('select from silver.timeseries_invalidation_log')).toEqual([]);
    expect(
      await database.query('select from silver.timeseries_progress where not isempty(dirty)'),
    ).toEqual([]);
  });

  it('promise 7: no more chunks are in flight than the rollup allows, and the log of one statement is bounded', async () => {
    await settle(database);
    await database.query(`update silver.timeseries_rollup_config set max_in_flight = 1`);
    await database.query(`select silver.invalidate('app.hourly', '2026-01-12Z', '2026-01-13Z')`);
    await tick(database);
    await database.query(`select silver.invalidate('app.hourly', '2026-01-20Z', '2026-01-21Z')`);
    expect(await tick(database)).toBe(0);
    await runChunks(database);
    await settle(database);
    await database.query(`insert into app.readings
      select timestamptz '2026-01-01Z' - i * interval '5 hours', 'old', 1, 1, 1 from generate_series(1, 3000) i`);
    const [log] = await database.query<{ ranges: number }>(
      `select (select count(*)::int from unnest(touched)) as ranges from silver.timeseries_invalidation_log order by log_id desc limit 1`,
    );
    expect(log?.ranges).toBe(1000);
    expect(await liveMismatches(database)).toEqual([]);
  });

  it('verify finds what somebody changed by hand in a target, and repairs it', async () => {
    await settle(database);
    await database.query(`alter table app.hourly disable trigger user`);
    await database.query(
      `update app.hourly set sum_count = sum_count + 1 where timestamp = '2026-01-12 05:00Z'`,
    );
    const [{ n: wrong } = { n: 0 }] = await database.query<{ n: number }>(
      `select count(*)::int as n from app.hourly where timestamp = '2026-01-12 05:00Z'`,
    );
    const found = `select bucket from silver.verify_rollup('app.hourly', repair => true)`;
    expect(await database.query(found)).toHaveLength(wrong);
    await database.query(`alter table app.hourly enable always trigger silver_track_update`);
    await settle(database);
    expect(await database.query(found)).toEqual([]);
  });
});
