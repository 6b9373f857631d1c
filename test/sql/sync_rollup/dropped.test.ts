import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useSyncedReadings } from './use-synced-readings.ts';

const { database, late, sync, wrong } = useSyncedReadings();

describe('a column that was dropped', () => {
  it('stays in the target with what it had; new buckets and those computed again go on without', async () => {
    await database.query(`alter table app.readings drop column ok, drop column value`);
    const changes = await sync();
    expect(changes.map(({ change }) => change).every((change) => change === 'retired')).toBe(true);
    expect(changes.find(({ column }) => column === 'sum_value')?.detail).toMatch(
      /^value is gone from the source: rows keep what they have/,
    );
    await late();
    await database.query(
      `insert into app.readings (at, device, word) values ('2026-01-03 00:05Z', 'd0', 'w')`,
    );
    await settle(database);
    expect(
      await database.query(
        `select sum_value::int as sum, count_value::int as n, ok, row_count::int as rows from app.hourly where device = 'd0' and timestamp in ('2026-01-01Z', '2026-01-03Z') order by timestamp`,
      ),
    ).toEqual([
      { sum: 6, n: 3, ok: true, rows: 4 },
      { sum: null, n: null, ok: null, rows: 1 },
    ]);
    expect(await wrong()).toEqual([]);
    expect(
      await database.query(
        `select row_count::int as n from app.daily where timestamp = '2026-01-03Z'`,
      ),
    ).toEqual([{ n: 1 }]);
  });

  it('is forgotten once somebody drops it from the target too', async () => {
    await database.query(`alter table app.readings drop column ok`);
    await sync();
    await database.query(
      `drop view app.daily_live; drop view app.hourly_live; alter table app.hourly drop column ok, drop column values_ok`,
    );
    await sync();
    await late();
    await settle(database);
    expect(
      await database.query(
        `select row_count::int as n from app.hourly_live where timestamp = '2026-01-01Z' and device = 'd0'`,
      ),
    ).toEqual([{ n: 4 }]);
    expect(
      await database.query(
        `select role, count(*)::int as n from silver.timeseries_rollup_column where role = 'retired' group by 1`,
      ),
    ).toEqual([{ role: 'retired', n: 2 }]);
  });

  it('and added again is kept again', async () => {
    await database.query(`alter table app.readings drop column value`);
    await sync();
    await database.query(`alter table app.readings add column value integer default 5`);
    expect(
      (await sync()).find(({ column, target }) => column === 'sum_value' && target === 'app.hourly')
        ?.change,
    ).toBe('kept again');
    await settle(database);
    expect(await database.query(`select sum(sum_value)::int as sum from app.daily`)).toEqual([
      { sum: 1440 },
    ]);
    expect(await wrong()).toEqual([]);
  });

  it('that is a dimension, or the time, cannot be followed: the remedy is another rollup', async () => {
    await database.query(`alter table app.readings drop column device`);
    await expect(sync()).rejects.toMatchObject({
      code: '55000',
      message: 'app.readings has no dimension device any more, by which app.hourly is grouped',
      hint: expect.stringContaining('drop_rollup'),
    });
    await database.query(`alter table app.readings drop column at cascade`);
    await expect(sync()).rejects.toMatchObject({
      code: '55000',
      message: 'the time column at of app.readings is gone',
      hint: expect.stringContaining('drop_rollup'),
    });
  });
});
