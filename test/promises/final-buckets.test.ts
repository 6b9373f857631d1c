import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

describe('buckets frozen by freeze_after', () => {
  const database = useDatabase();
  const atFive = (relation: string) =>
    database.query(
      `select device, row_count::int as n from app.${relation} where timestamp = '2026-01-30 05:00Z' order by device`,
    );
  const asItWas = [
    { device: 'd0', n: 1 },
    { device: 'd1', n: 2 },
  ];

  beforeAll(async () => {
    await createTrackedReadings(database);
    await settle(database);
    // Frozen up to the turn of January; February still follows its source.
    await database.query(
      `update silver.timeseries_rollup_config set freeze_after = clock_timestamp() - '2026-02-01 00:00Z' where target_table = 'app.hourly'::regclass`,
    );
    await settle(database);
    await database.query(`select silver.consume_log(1)`);
  });

  it('keep what they had, in the table and in the live view, and late rows are counted and reported', async () => {
    await database.query(
      `insert into app.readings values ('2026-01-30 05:10Z', 'late', 1), ('2026-01-30 06:10Z', 'late', 1), ('2026-02-02 05:10Z', 'late', 1)`,
    );
    await settle(database);
    expect(await atFive('hourly')).toEqual(asItWas);
    expect(await atFive('hourly_live')).toEqual(asItWas);
    expect(
      await database.query(
        `select frozen_until::text, frozen_hits::int, frozen_hit_at is not null as seen from silver.timeseries_operations_monitor where target_table = 'app.hourly'`,
      ),
    ).toEqual([{ frozen_until: '2026-02-01 00:00:00+00', frozen_hits: 2, seen: true }]);
    expect(
      await database.query(
        `select message from silver.validate_rollup_config() where code = 'frozen_hits'`,
      ),
    ).toEqual([{ message: expect.stringContaining('2 buckets') }]);
  });

  it('buckets that are not frozen follow', async () => {
    const february = await differences(database, '');
    expect(february.map(({ target, device }) => [target, device])).toEqual([
      ['hourly', 'late'],
      ['hourly', 'late'],
    ]);
  });

  it('are not erased when their rows expire by DELETE', async () => {
    await database.query(`delete from app.readings where at < '2026-01-31 12:00Z'`);
    await settle(database);
    expect(await atFive('hourly')).toEqual(asItWas);
    expect(await atFive('hourly_live')).toEqual(asItWas);
  });

  it('are passed by when verified, refused when invalidated, and computed by force alone', async () => {
    expect(await database.query(`select bucket from silver.verify_rollup('app.hourly')`)).toEqual(
      [],
    );
    await expect(
      database.query(
        `select silver.invalidate('app.hourly', '2026-01-30 05:00Z', '2026-01-30 06:00Z')`,
      ),
    ).rejects.toMatchObject({ code: '22023' });
    await database.query(
      `select silver.invalidate('app.hourly', '2026-01-30 05:00Z', '2026-01-30 06:00Z', force => true)`,
    );
    expect(await atFive('hourly_live')).toEqual([]);
    await settle(database);
    expect(await atFive('hourly')).toEqual([]);
  });

  it('a rollup that freezes nothing, whose source is pruned by DELETE, is warned of', async () => {
    expect(
      await database.query(
        `select severity, target_table, code from silver.validate_rollup_config() where code = 'history_erased'`,
      ),
    ).toEqual([{ severity: 'warning', target_table: 'app.daily', code: 'history_erased' }]);
  });
});

describe('buckets dirty when they grow old', () => {
  const database = useDatabase();

  it('are not frozen before they are right', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(`insert into app.readings values ('2026-01-30 05:10Z', 'late', 1);
      update silver.timeseries_rollup_config set freeze_after = clock_timestamp() - '2026-02-01 00:00Z'`);
    await database.query('select silver.consume_log(1)');
    expect(
      await database.query(
        `select distinct frozen_until::text from silver.timeseries_progress order by 1`,
      ),
    ).toEqual([
      { frozen_until: '2026-01-29 23:00:00+00' },
      { frozen_until: '2026-01-30 05:00:00+00' },
    ]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });
});
