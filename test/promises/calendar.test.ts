import { describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';

/** Days of 23 and 25 hours in Berlin, read and computed by sessions of another zone. */
async function createReadings(database: TestDatabase): Promise<void> {
  await database.query(
    `set timezone = 'Australia/Lord_Howe'; set datestyle = 'German'; set intervalstyle = 'sql_standard'`,
  );
  await database.query(`
    create schema app;
    create table app.readings (at timestamptz not null, amount integer);
    create index on app.readings (at);
    insert into app.readings select timestamptz '2025-10-20 00:00Z' + i * interval '30 minutes', i from generate_series(0, 48 * 200) i`);
  await database.query(`select silver.create_rollup_table('app.readings', 'app', 'daily', '1 day',
    start_from => '2025-10-20 00:00 Europe/Berlin', bucket_time_zone => 'Europe/Berlin')`);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
}

function differences(database: TestDatabase, relation: string): Promise<unknown[]> {
  return database.query(`
    select timestamp, max(n), min(n) from (
      select date_trunc('day', at, 'Europe/Berlin') as timestamp, count(*) as n from app.readings
      where at >= '2025-10-20 00:00 Europe/Berlin' group by 1
      union all select timestamp, row_count from ${relation}
    ) as both_sides group by timestamp having count(*) <> 2 or min(n) <> max(n)`);
}

describe('days of 23 and 25 hours, in sessions of another zone', () => {
  const database = useDatabase();

  it('are whole, in the live view bucket by bucket and in the table', async () => {
    await createReadings(database);
    expect(await differences(database, 'app.daily_live')).toEqual([]);
    await settle(database);
    expect(await differences(database, 'app.daily')).toEqual([]);
    const lengths = await database.query(`select row_count::int / 2 as hours from app.daily
      where timestamp in ('2025-10-26 00:00 Europe/Berlin', '2026-03-29 00:00 Europe/Berlin') order by timestamp`);
    expect(lengths).toEqual([{ hours: 25 }, { hours: 23 }]);
  });

  it('a chunk that is not whole buckets is refused', async () => {
    await expect(
      database.query(
        `select silver.refresh_range(1, '[2025-10-26 00:00 UTC, 2025-10-27 00:00 UTC)')`,
      ),
    ).rejects.toMatchObject({ code: '22023', message: expect.stringContaining('whole buckets') });
  });
});

describe('with days added in the zone of the session', () => {
  const database = useDatabase();

  it('the days after a change of clocks are wrong, and this test sees it', async () => {
    await createReadings(database);
    await database.query(`create or replace function silver.buckets_between(ranges tstzmultirange, width interval, zone text, origin timestamptz)
      returns table (starts_at timestamptz, ends_at timestamptz) language sql stable as $$
        select s, s + width from unnest(ranges) as r, generate_series(lower(r), upper(r) - interval '1 microsecond', width) as s $$`);
    expect(await differences(database, 'app.daily_live')).not.toEqual([]);
  });
});
