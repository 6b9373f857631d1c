import { describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createHierarchy, liveMismatches, tableMismatches } from './hierarchy.ts';

describe('promise 1: exact', () => {
  const database = useDatabase();

  it('the live views are right at every step from an empty target to a settled one', async () => {
    await createHierarchy(database);
    expect(await liveMismatches(database)).toEqual([]);
    for (let step = 0; step < 60; step += 1) {
      const made = await tick(database, 100);
      expect(await liveMismatches(database)).toEqual([]);
      const ran = await runChunks(database);
      expect(await liveMismatches(database)).toEqual([]);
      if (made === 0 && ran.length === 0) break;
    }
    expect(await database.query('select count(*)::int as n from app.monthly')).not.toEqual([
      { n: 0 },
    ]);
  });

  it.each([
    [
      'late rows, scattered',
      `insert into app.readings select timestamptz '2026-01-02Z' + i * interval '3 days 5 hours', 'd1', 3, i, 0.1 from generate_series(0, 12) i`,
    ],
    [
      'a row of a device seen never before',
      `insert into app.readings values ('2026-01-12 03:00Z', 'new', 1, 1, 1)`,
    ],
    [
      'an update in place',
      `update app.readings set count = count + 1, level = -level where at between '2026-01-20Z' and '2026-01-20 05:00Z'`,
    ],
    [
      'an update across buckets and partitions',
      `update app.readings set at = at + interval '20 days' where at between '2026-01-25Z' and '2026-01-25 04:00Z'`,
    ],
    [
      'a delete that empties buckets',
      `delete from app.readings where at between '2026-01-15 02:00Z' and '2026-01-15 06:00Z'`,
    ],
    [
      'a row straight into a leaf',
      `insert into app.readings_old values ('2026-01-13 00:30Z', 'd2', 5, 5, 5)`,
    ],
    [
      'a move by MERGE',
      `merge into app.readings r using (select '2026-01-22Z'::timestamptz as f) s on r.at >= s.f and r.at < s.f + interval '2 hours'
       when matched then update set at = r.at + interval '15 days'`,
    ],
    [
      'rows at the head and in the future',
      `insert into app.readings values (now(), 'd1', 1, 1, 1), (now() + interval '40 days', null, 1, 1, 1)`,
    ],
    [
      'a statement rolled back to a savepoint',
      `begin; savepoint s; delete from app.readings where at < '2026-01-20Z'; rollback to s; commit`,
    ],
    ['a leaf emptied by TRUNCATE', `truncate app.readings_old`],
  ])('right at once, and again when settled, after %s', async (_name, statement) => {
    await database.query(statement);
    expect(await liveMismatches(database)).toEqual([]);
    await settle(database);
    expect(await liveMismatches(database)).toEqual([]);
    const settledRows = `select count(*)::int as n from silver.timeseries_progress where not isempty(dirty)`;
    expect(await database.query(settledRows)).toEqual([{ n: 0 }]);
  });

  it('a partition attached full, one detached, a disabled trigger: the views follow at once', async () => {
    await database.query(`create table app.more (like app.readings);
      insert into app.more values ('2025-12-31 23:30Z', 'd9', 1, 1, 1);
      alter table app.readings detach partition app.readings_old;
      create table app.readings_a partition of app.readings for values from ('2026-01-05Z') to ('2026-02-01Z');
      alter table app.readings attach partition app.more for values from ('2025-12-01Z') to ('2026-01-05Z')`);
    expect(await liveMismatches(database)).toEqual([]);
    await settle(database);
    expect(await liveMismatches(database)).toEqual([]);
    await database.query(`alter table app.readings_a disable trigger silver_track_insert;
      insert into app.readings_a values ('2026-01-13 00:30Z', 'unseen', 5, 5, 5)`);
    expect(await liveMismatches(database)).toEqual([]);
    await database.query(`alter table app.readings_a enable always trigger silver_track_insert`);
    expect(await liveMismatches(database)).toEqual([]);
    await settle(database);
    expect(await liveMismatches(database)).toEqual([]);
  });
});

describe('a writer that began before the horizon moved', () => {
  /** Returns the mismatches once the writer has committed and all is settled; `sabotage` is run first. */
  async function race(
    database: ReturnType<typeof useDatabase>,
    sabotage: string,
  ): Promise<unknown[]> {
    await createHierarchy(database, 3);
    await settle(database);
    await database.query(sabotage);
    // As if the last bucket fell due only now: the horizon goes back to where the writer still sees it below its row.
    await database.query(`update silver.timeseries_tracked_source set horizon = '2026-02-01Z', drain_grace = '0' where kind = 'raw';
      update silver.timeseries_progress set covered = covered * '{[2026-01-01 00:00+01, 2026-02-01 00:00+01)}', dirty = '{}';
      delete from app.hourly where timestamp >= '2026-01-31 23:00Z';
      delete from app.daily where timestamp >= '2026-01-31 23:00Z';
      delete from app.monthly where timestamp >= '2026-01-31 23:00Z';
      delete from silver.timeseries_invalidation_log`);
    const writer = await database.connect();
    await writer.query('begin');
    await writer.query(`insert into app.readings values ('2026-02-10 10:00Z', 'held', 1, 1, 1)`);
    await settleProvisionally(database);
    expect(await liveMismatches(database)).toEqual([]);
    await writer.query('commit');
    const live = await liveMismatches(database);
    await settleProvisionally(database);
    await settleProvisionally(database);
    return [
      ...live,
      ...(await liveMismatches(database)),
      ...(await database.query(`select 'not settled' from silver.timeseries_drain`)),
    ];
  }

  /** With a drain that waits there is always something to look at: so a few turns, not until quiet. */
  async function settleProvisionally(database: ReturnType<typeof useDatabase>): Promise<void> {
    for (let turn = 0; turn < 6; turn += 1) {
      await tick(database);
      await runChunks(database);
    }
  }

  describe('with the protocol as it is', () => {
    const database = useDatabase();
    it('holds nothing up and loses nothing', async () => {
      expect(await race(database, 'select 1')).toEqual([]);
      expect(await tableMismatches(database)).toEqual([]);
    });
  });

  describe.each([
    [
      'writers are never noted',
      `create or replace function silver.writers_of(source regclass) returns xid8[] language sql as $$ select '{}'::xid8[] $$`,
    ],
    [
      'drains end without making anything dirty',
      `create or replace function silver.mark_dirty(source_id integer, touched tstzmultirange) returns integer language sql as $$ select 0 $$`,
    ],
  ])('when %s', (_name, sabotage) => {
    const database = useDatabase();
    it('the row is lost, and this test sees it', async () => {
      expect(await race(database, sabotage)).not.toEqual([]);
    });
  });
});
