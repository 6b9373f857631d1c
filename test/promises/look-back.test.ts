import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';

describe('look_back mode, on a view, which can have no triggers', () => {
  const database = useDatabase();
  const stored = () =>
    database.query(
      `select extract(epoch from now() - timestamp)::int / 3600 as hours_ago, row_count::int as n from app.hourly order by timestamp`,
    );
  /** Rows so many hours ago, within the bucket that began then. */
  const insert = (hoursAgo: number) =>
    database.query(
      `insert into app.raw select date_trunc('hour', now()) - make_interval(hours => $1) + interval '1 minute'`,
      [hoursAgo],
    );
  /** As if an hour had passed since it looked last: the next tick finds a bucket fallen due. */
  const anHourPasses = () =>
    database.query(
      `update silver.timeseries_tracked_source set horizon = horizon - interval '1 hour'`,
    );

  beforeAll(async () => {
    await database.query(`create schema app; create table app.raw (at timestamptz not null); create index on app.raw (at);
      create view app.readings as select at from app.raw`);
    for (const hoursAgo of [10, 5, 3]) await insert(hoursAgo);
    await database.query(`select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', mode => 'look_back',
      look_back_window => '6 hours', start_from => date_trunc('hour', now()) - interval '20 hours', safety_buffer => '0')`);
    await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
    await settle(database);
  });

  it('computes what there is, without a trigger', async () => {
    expect((await stored()).map(({ n }) => n)).toEqual([1, 1, 1]);
    expect(
      await database.query(
        `select from pg_trigger where tgrelid in ('app.raw'::regclass, 'app.readings'::regclass)`,
      ),
    ).toEqual([]);
  });

  it('sees late rows and deletes within its window when the next bucket falls due, and not before', async () => {
    await insert(5);
    await database.query(`delete from app.raw where at >= now() - interval '4 hours'`);
    await settle(database);
    expect((await stored()).map(({ n }) => n)).toEqual([1, 1, 1]);
    await anHourPasses();
    await settle(database);
    expect((await stored()).map(({ n }) => n)).toEqual([1, 2]);
  });

  it('does not see what is older than its window, until it is told', async () => {
    await insert(10);
    await anHourPasses();
    await settle(database);
    expect((await stored()).map(({ n }) => n)).toEqual([1, 2]);
    await database.query(
      `select silver.invalidate('app.readings', now() - interval '12 hours', now() - interval '8 hours')`,
    );
    await settle(database);
    expect((await stored()).map(({ n }) => n)).toEqual([2, 2]);
  });

  it('is found by verify, too', async () => {
    await insert(15);
    const found = await database.query(
      `select expected, stored from silver.verify_rollup('app.hourly', repair => true)`,
    );
    expect(found).toEqual([{ expected: expect.objectContaining({ row_count: 1 }), stored: null }]);
    await settle(database);
    expect((await stored()).map(({ n }) => n)).toEqual([1, 2, 2]);
  });

  it('buckets within the window that did not change are not written again', async () => {
    const before = await database.query(
      `select xmin::text, ctid::text, tableoid::text from app.hourly order by 3, 2`,
    );
    await anHourPasses();
    await settle(database);
    expect(
      await database.query(
        `select xmin::text, ctid::text, tableoid::text from app.hourly order by 3, 2`,
      ),
    ).toEqual(before);
  });

  it('is said by validate_rollup_config', async () => {
    expect(
      await database.query(
        `select severity from silver.validate_rollup_config() where code = 'look_back'`,
      ),
    ).toEqual([{ severity: 'info' }]);
  });
});
