import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { collectNotices } from '../call-results.ts';
import { useSyncedReadings } from './use-synced-readings.ts';

const { database, late, said, sync, wrong } = useSyncedReadings();

describe('a column that was added', () => {
  it('is detected before a chunk writes, which warns of it and goes on: what it keeps is right without', async () => {
    await database.query('alter table app.readings add column more integer');
    await database.query(`create function app.say() returns trigger language plpgsql as $$ begin raise notice 'written'; return null; end $$;
      create trigger say before insert or update on app.hourly execute function app.say()`);
    await late();
    const client = await database.connect();
    const notices = collectNotices(client);
    await client.query('call silver.run_rollups()');
    const detected = notices.indexOf(
      'WARNING: app.hourly does not keep more, which came to its source',
    );
    expect(detected).toBeGreaterThanOrEqual(0);
    expect(notices.indexOf('NOTICE: written')).toBeGreaterThan(detected);
    expect(await wrong()).toEqual([]);
  });

  it('is told by the monitor and by validate, also while no chunk runs, until it is kept', async () => {
    await database.query('alter table app.readings add column more integer');
    expect(await said()).toEqual(['not kept until silver.sync_rollup: more', null]);
    expect(
      await database.query(
        `select target_table, code, message, remedy from silver.validate_rollup_config() where severity = 'warning'`,
      ),
    ).toEqual([
      {
        target_table: 'app.hourly',
        code: 'column_added',
        message: 'more has come to app.readings, and app.hourly does not keep it',
        remedy:
          "SELECT * FROM silver.sync_rollup('app.hourly'); or, to leave it out, SELECT * FROM silver.sync_rollup('app.hourly', exclude => ARRAY['more']);",
      },
    ]);
    await sync();
    expect(await said()).toEqual([null, null]);
    expect(await database.query('select * from silver.validate_rollup_config()')).toEqual([]);
  });

  it('becomes a metric of the rollup and of those on it, and is right from the start on: only buckets with a value are computed again', async () => {
    await database.query(
      `alter table app.readings add column more integer; update app.readings set more = 7 where at between '2026-01-02 05:00Z' and '2026-01-02 05:30Z'`,
    );
    await settle(database); // The update is late work, computed before anybody knew the column.
    const changes = await sync();
    expect(changes.filter(({ column }) => column === 'sum_more')).toEqual([
      {
        target: 'app.hourly',
        change: 'added',
        column: 'sum_more',
        detail: 'filled from 2026-01-01 00:00:00+00 on',
      },
      {
        target: 'app.daily',
        change: 'added',
        column: 'sum_more',
        detail: 'filled from 2026-01-01 00:00:00+00 on',
      },
    ]);
    expect(
      await database.query(
        `select dirty = '{["2026-01-02 05:00Z","2026-01-02 06:00Z")}' as right from silver.timeseries_progress order by rollup_id limit 1`,
      ),
    ).toEqual([{ right: true }]);
    // Right at once in the live view, and then in the tables.
    const sums = (relation: string) =>
      database.query(
        `select sum(sum_more)::int as sum, sum(count_more)::int as n from ${relation}`,
      );
    expect(await sums('app.hourly_live')).toEqual([{ sum: 28, n: 4 }]);
    expect(await sums('app.daily_live')).toEqual([{ sum: 28, n: 4 }]);
    await settle(database);
    expect(await sums('app.hourly')).toEqual([{ sum: 28, n: 4 }]);
    expect(await sums('app.daily')).toEqual([{ sum: 28, n: 4 }]);
    expect(await wrong()).toEqual([]);
    expect(await sync()).toEqual([]);
  });

  it('with a default has a value in every row, so all is computed again', async () => {
    await database.query(`alter table app.readings add column more numeric not null default 1.5`);
    await sync();
    await settle(database);
    expect(await database.query(`select sum(sum_more)::text as sum from app.daily`)).toEqual([
      { sum: '432.0' },
    ]);
    expect(await wrong()).toEqual([]);
  });

  it('is filled from fill_from on, and says so where it can be looked up', async () => {
    await database.query(`alter table app.readings add column more integer default 1`);
    const changes = await sync(`'app.hourly', fill_from => '2026-01-02 00:30Z'`);
    expect(changes.find(({ column }) => column === 'sum_more')?.detail).toMatch(
      /^filled from 2026-01-02 00:00:00\+00 on; earlier buckets hold nothing in it: SELECT silver.invalidate\('app.hourly'/,
    );
    await settle(database);
    expect(
      await database.query(
        `select count(*) filter (where count_more > 0)::int as filled, count(*)::int as groups from app.hourly`,
      ),
    ).toEqual([{ filled: 48, groups: 96 }]);
    expect(
      await database.query(
        `select distinct filled_from::text from silver.timeseries_rollup_column where metric = 'more' and rollup_id = (select min(rollup_id) from silver.timeseries_rollup_config)`,
      ),
    ).toEqual([{ filled_from: '2026-01-02 00:00:00+00' }]);
    expect(
      await database.query(
        `select line from silver.explain_rollup('app.hourly') line where line like '%sum_more%filled from 2026-01-02%'`,
      ),
    ).toHaveLength(1);
  });

  it('does not erase buckets whose raw rows are gone', async () => {
    await database.query(`alter table app.readings disable trigger all; delete from app.readings where at < '2026-01-02Z'; alter table app.readings enable trigger all;
      alter table app.readings enable always trigger silver_track_insert; alter table app.readings enable always trigger silver_track_update;
      alter table app.readings enable always trigger silver_track_delete; alter table app.readings enable always trigger silver_track_truncate;`);
    const kept = await database.query(
      `select sum(sum_value)::int as sum from app.hourly where timestamp < '2026-01-02Z'`,
    );
    await database.query(`update silver.timeseries_progress set frozen_until = '2026-01-02Z'`);
    await database.query(`alter table app.readings add column more integer default 1`);
    await sync();
    await settle(database);
    expect(
      await database.query(
        `select sum(sum_value)::int as sum from app.hourly where timestamp < '2026-01-02Z'`,
      ),
    ).toEqual(kept);
    expect(kept).not.toEqual([{ sum: null }]);
  });

  it('can be left out for good', async () => {
    await database.query(`alter table app.readings add column more integer`);
    expect(await sync(`'app.hourly', exclude => '{more}'`)).toEqual([]);
    expect(await database.query(`select * from silver.validate_rollup_config()`)).toEqual([]);
    expect(await sync()).toEqual([]);
    await expect(sync(`'app.hourly', exclude => '{nothing}'`)).rejects.toMatchObject({
      code: '42703',
      message: 'exclude: nothing of app.readings is no column that could be left out',
    });
  });
});
