import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

describe('the pages of a target', () => {
  const database = useDatabase();

  it.each([
    ['partitioned', ''],
    ['unpartitioned', ", partition_interval => '0'"],
  ])('of a %s one have room for a row that late data change', async (name, others) => {
    await database.query(`drop schema if exists app cascade; delete from silver.timeseries_rollup_config; delete from silver.timeseries_tracked_source;
      create schema app;
      create table app.readings (at timestamptz not null, device integer not null, value double precision not null);
      create index on app.readings (device, at);
      insert into app.readings select '2026-01-01Z'::timestamptz + n * interval '1 minute', n % 40, n from generate_series(0, 2999) n;
      select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z'${others});
      update silver.timeseries_rollup_config set rerun_interval = '0'`);
    await settle(database);
    const pages = () =>
      database.query<{ page: number }>(
        `select (ctid::text::point)[0]::integer as page, tableoid::regclass::text as part from app.hourly
         where device = 7 order by "timestamp"`,
      );
    const before = await pages();
    expect(new Set(before.map(({ page }) => page)).size).toBeGreaterThan(2);
    await database.query(
      `insert into app.readings select distinct date_trunc('hour', at) + interval '7 minutes', 7, -1 from app.readings where device = 7`,
    );
    await settle(database);
    // On its page a row is found by the index entries it has: none is written.
    expect(await pages(), name).toEqual(before);
    expect(
      await database.query(
        `select count(*)::int as wrong from app.hourly where device = 7 and min_value <> -1`,
      ),
    ).toEqual([{ wrong: 0 }]);
  });
});
