import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useSyncedReadings } from './use-synced-readings.ts';

const { database, refused, sync, wrong } = useSyncedReadings();

describe('a column that was retyped', () => {
  it('is cast in the target, and computed again where the source has a value', async () => {
    await database.query(
      `alter table app.readings alter column value type numeric using value + 0.5, alter column word type varchar(5)`,
    );
    const changes = await sync();
    expect(
      changes
        .filter(({ target, column }) => target === 'app.daily' && /_value$/.test(column))
        .map(({ column, detail }) => `${column} ${detail}`),
    ).toEqual([
      'min_value integer became numeric',
      'max_value integer became numeric',
      'sum_value bigint became numeric',
    ]);
    await settle(database);
    expect(await database.query(`select sum(sum_value)::text as sum from app.daily`)).toEqual([
      { sum: '41472.0' },
    ]);
    expect(await wrong()).toEqual([]);
  });

  it('into another kind begins anew beside what there was', async () => {
    await database.query(
      `alter table app.readings alter column word type integer using length(word)`,
    );
    const changes = (await sync())
      .filter(({ target }) => target === 'app.hourly')
      .map(({ change, column }) => `${change} ${column}`);
    expect(changes).toContain('retired word');
    expect(changes).toContain('added sum_word');
    await settle(database);
    expect(await database.query(`select sum(sum_word)::int as sum from app.daily`)).toEqual([
      { sum: 576 },
    ]);
    expect(await wrong()).toEqual([]);
  });

  it('may become null, a dimension too', async () => {
    await database.query(
      `alter table app.readings alter column device drop not null; insert into app.readings (at, device) values ('2026-01-01 00:05Z', null)`,
    );
    await refused();
    expect(
      (await sync()).map(({ target, change, column }) => `${target} ${change} ${column}`),
    ).toEqual(['app.hourly may be null device', 'app.daily may be null device']);
    await settle(database);
    expect(
      await database.query(`select row_count::int as n from app.daily where device is null`),
    ).toEqual([{ n: 1 }]);
    expect(await wrong()).toEqual([]);
    expect(
      await database.query(
        `select * from silver.validate_rollup_config() where severity = 'error'`,
      ),
    ).toEqual([]);
  });

  it('may become null where its counts were those of the rows, a level above too', async () => {
    await database.query(
      `create table app.counted (at timestamptz not null, value integer not null);
       insert into app.counted select '2026-01-01Z'::timestamptz + n * interval '10 minutes', n from generate_series(0, 287) n;
       select silver.create_rollup_table('app.counted', 'app', 'counted_hourly', '1 hour', start_from => '2026-01-01Z');
       select silver.create_rollup_table('app.counted_hourly', 'app', 'counted_daily', '1 day', start_from => '2026-01-01Z');
       update silver.timeseries_rollup_config set rerun_interval = '0', retry_delay = '1 microsecond'`,
    );
    const readsCounts = () =>
      database.query(
        `select fill like '%s.count_value%' as "readsCounts" from silver.timeseries_rollup_statement
         where rollup_id = (silver.resolve_rollup('target_table_name', 'app.counted_daily')).rollup_id`,
      );
    await settle(database);
    expect(await readsCounts()).toEqual([{ readsCounts: false }]);
    await database.query(
      `alter table app.counted alter column value drop not null;
       insert into app.counted values ('2026-01-01 00:05Z', null), ('2026-01-02 00:05Z', null)`,
    );
    await sync(`'app.counted_hourly'`);
    await settle(database);
    expect(await readsCounts()).toEqual([{ readsCounts: true }]);
    expect(
      await database.query(
        `select row_count::int as rows, count_value::int as values from app.counted_daily order by "timestamp"`,
      ),
    ).toEqual([
      { rows: 145, values: 144 },
      { rows: 145, values: 144 },
    ]);
    expect(await database.query(`select * from silver.verify_rollup('app.counted_daily')`)).toEqual(
      [],
    );
  });
});
