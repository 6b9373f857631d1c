import { beforeEach, expect } from 'vitest';
import { settle } from '../../support/drive.ts';
import { type TestDatabase, useDatabase } from '../../support/use-database.ts';

interface Change {
  readonly target: string;
  readonly change: string;
  readonly column: string;
  readonly detail: string;
}

/** A source, `app.hourly` by device on it and `app.daily` on that; made and computed anew before each test. */
export interface SyncedReadings {
  readonly database: TestDatabase;
  /** Calls sync_rollup with these arguments. */
  sync(given?: string): Promise<Change[]>;
  /** Writes a late row, so that there is a chunk to compute. */
  late(): Promise<void>;
  /** What verify_rollup finds in the two. */
  wrong(): Promise<object[]>;
  /** Chunks fail, and say why and what to do. */
  refused(): Promise<void>;
  /** Every row of the hourly target, as one number. */
  rows(): Promise<object[]>;
  /** What the monitor says of the source of each. */
  said(): Promise<(string | null)[]>;
}

export function useSyncedReadings(): SyncedReadings {
  const database = useDatabase();
  beforeEach(async () => {
    await database.query(`drop schema if exists app cascade; delete from silver.timeseries_rollup_config; delete from silver.timeseries_tracked_source;
      create schema app; set timezone = 'UTC';
      create table app.readings (at timestamptz not null, device text not null, value integer, word text, ok boolean);
      create index on app.readings (at);
      insert into app.readings select '2026-01-01Z'::timestamptz + n * interval '10 minutes', 'd' || n % 2, n, 'w' || n % 3, n % 2 = 0 from generate_series(0, 287) n;
      select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2026-01-01Z');
      update silver.timeseries_rollup_config set rerun_interval = '0', retry_delay = '1 microsecond'`);
    await settle(database);
  });
  return {
    database,
    sync: (given = `'app.hourly'`) =>
      database.query<Change & Record<string, unknown>>(
        `select target_table::text as target, change, column_name as column, detail from silver.sync_rollup(${given})`,
      ),
    late: async () => {
      await database.query(
        `insert into app.readings (at, device) values ('2026-01-01 00:05Z', 'd0')`,
      );
    },
    wrong: () =>
      database.query(
        `select 'hourly' as target, v.* from silver.verify_rollup('app.hourly') v union all select 'daily', v.* from silver.verify_rollup('app.daily') v`,
      ),
    refused: async () => {
      await expect(settle(database)).rejects.toMatchObject({
        code: '55000',
        message: expect.stringMatching(/^the source of app.hourly changed shape/),
        hint: expect.stringContaining(`SELECT * FROM silver.sync_rollup('app.hourly')`),
      });
    },
    rows: () =>
      database.query(`select md5(string_agg(h::text, '' order by h)) as rows from app.hourly h`),
    said: async () =>
      (
        await database.query<{ change: string | null }>(
          'select source_change as change from silver.timeseries_operations_monitor order by rollup_id',
        )
      ).map(({ change }) => change),
  };
}
