import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useSyncedReadings } from './use-synced-readings.ts';

const { database, late, refused, sync, wrong } = useSyncedReadings();

describe('a column that was renamed', () => {
  it('keeps the names its metrics have in the target', async () => {
    await database.query(
      `alter table app.readings rename column value to amount; alter table app.readings rename column device to unit`,
    );
    const changes = await sync();
    expect(
      changes
        .filter(({ target }) => target === 'app.hourly')
        .map(({ change, column }) => `${change} ${column}`),
    ).toEqual(
      ['device', 'min_value', 'max_value', 'sum_value', 'count_value'].map(
        (column) => `renamed ${column}`,
      ),
    );
    await database.query(
      `insert into app.readings (at, unit, amount) values ('2026-01-01 00:05Z', 'd0', 1000)`,
    );
    await settle(database);
    expect(
      await database.query(
        `select max_value from app.daily where device = 'd0' and timestamp = '2026-01-01Z'`,
      ),
    ).toEqual([{ max_value: 1000 }]);
    expect(await wrong()).toEqual([]);
  });

  it('the time column too, for every rollup of the source; writers go on', async () => {
    await database.query(
      `select silver.create_rollup_table('app.readings', 'app', 'other', '2 hours', start_from => '2026-01-01Z'); alter table app.readings rename column at to "Time"`,
    );
    expect(await sync()).toEqual([]);
    await database.query(
      `insert into app.readings ("Time", device, value) values ('2026-01-01 00:05Z', 'd0', 1000)`,
    );
    await settle(database);
    expect(
      await database.query(
        `select max(max_value) as max from app.other union all select max(max_value) from app.daily`,
      ),
    ).toEqual([{ max: 1000 }, { max: 1000 }]);
    expect(await wrong()).toEqual([]);
  });

  it('two that swapped names are told from two that did not', async () => {
    await database.query(`alter table app.readings add column second integer default -1`);
    await sync();
    await settle(database);
    await database.query(
      `alter table app.readings rename column value to x; alter table app.readings rename column second to value; alter table app.readings rename column x to second`,
    );
    await late();
    await refused();
    await sync();
    await settle(database);
    expect(
      await database.query(
        `select sum(sum_value)::int as value, sum(sum_second)::int as second from app.daily`,
      ),
    ).toEqual([{ value: -289, second: 41328 }]);
    expect(await wrong()).toEqual([]);
  });
});

describe('a table that was renamed', () => {
  it('source and target are followed', async () => {
    await database.query(
      `alter table app.readings rename to renamed; create table app.readings (like app.renamed); insert into app.renamed (at, device, value) values ('2026-01-01 00:05Z', 'd0', 1000)`,
    );
    await refused();
    await sync();
    await settle(database);
    expect(await database.query(`select max(max_value) as max from app.daily`)).toEqual([
      { max: 1000 },
    ]);
  });
});
