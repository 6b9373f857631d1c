import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

/** Hourly by device, daily from it; both computed. */
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

const sync = (given = `'app.hourly'`) =>
  database.query<{ target: string; change: string; column: string; detail: string }>(
    `select target_table::text as target, change, column_name as column, detail from silver.sync_rollup(${given})`,
  );
const late = () =>
  database.query(`insert into app.readings (at, device) values ('2026-01-01 00:05Z', 'd0')`);
const wrong = () =>
  database.query(
    `select 'hourly' as target, v.* from silver.verify_rollup('app.hourly') v union all select 'daily', v.* from silver.verify_rollup('app.daily') v`,
  );
const refused = async () => {
  await expect(settle(database)).rejects.toMatchObject({
    code: '55000',
    message: expect.stringMatching(/^the source of app.hourly changed shape/),
    hint: expect.stringContaining(`SELECT * FROM silver.sync_rollup('app.hourly')`),
  });
};

describe.each([
  ['dropped', `alter table app.readings drop column value`, 'source_column_missing'],
  ['renamed', `alter table app.readings rename column value to amount`, 'source_column_missing'],
  ['retyped', `alter table app.readings alter column value type bigint`, 'column_narrowed'],
  [
    'swapped with another',
    `alter table app.readings rename column word to w; alter table app.readings add column other text; alter table app.readings rename column other to word`,
    'source_changed',
  ],
])('a column that was %s', (_name, statement, code) => {
  it('is detected before a chunk writes, and by validate, which names sync_rollup', async () => {
    const before = await database.query(
      'select md5(string_agg(h::text, $1 order by h)) as rows from app.hourly h',
      [''],
    );
    await database.query(statement);
    await late();
    await refused();
    expect(
      await database.query(
        'select md5(string_agg(h::text, $1 order by h)) as rows from app.hourly h',
        [''],
      ),
    ).toEqual(before);
    expect(
      await database.query(
        `select distinct code, remedy from silver.validate_rollup_config() where target_table = 'app.hourly' and code = $1`,
        [code],
      ),
    ).toEqual([{ code, remedy: "SELECT * FROM silver.sync_rollup('app.hourly');" }]);
    // The attempt that failed is tried again.
    await sync();
    await settle(database);
    expect(await wrong()).toEqual([]);
    expect(
      await database.query(
        `select * from silver.validate_rollup_config() where severity = 'error'`,
      ),
    ).toEqual([]);
  });
});

describe('a column that was added', () => {
  it('stops nothing; every chunk warns of it, and validate', async () => {
    await database.query('alter table app.readings add column more integer');
    await late();
    const notices: string[] = [];
    const client = await database.connect();
    client.on('notice', ({ message }) => notices.push(message ?? ''));
    await client.query(`call silver.run_rollups()`);
    expect(notices).toContain('app.hourly does not keep more, which came to its source');
    expect(
      await database.query(
        `select code, message, remedy from silver.validate_rollup_config() where severity = 'warning'`,
      ),
    ).toEqual([
      {
        code: 'column_added',
        message: 'more has come to app.readings, and app.hourly does not keep it',
        remedy:
          "SELECT * FROM silver.sync_rollup('app.hourly'); or, to leave it out, SELECT * FROM silver.sync_rollup('app.hourly', exclude => ARRAY['more']);",
      },
    ]);
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

describe('it refuses', () => {
  it.each([
    ['an unknown table', `'app.nothing'`, '42P01'],
    ['no target', `'app.readings'`, '22023'],
    ['an infinite fill_from', `'app.hourly', fill_from => 'infinity'`, '22023'],
    ['a null in exclude', `'app.hourly', exclude => '{null}'`, '22004'],
  ])('%s', async (_name, given, code) => {
    await expect(sync(given)).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/) });
  });

  it('a child whose parent is to be synchronized first', async () => {
    await database.query(`alter table app.readings drop column value`);
    await expect(sync(`'app.daily'`)).rejects.toMatchObject({
      code: '55000',
      message: 'app.hourly, on which app.daily is declared, is to be synchronized first',
    });
  });

  it('while a chunk runs, after five seconds, and has changed nothing', async () => {
    await late();
    const worker = await database.connect();
    const [made] = await database.query<{ id: string }>(
      `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason) select min(rollup_id), '{["2026-01-01 00:00Z","2026-01-01 01:00Z")}', 1, 'late' from silver.timeseries_rollup_config returning chunk_id::text as id`,
    );
    await worker.query('begin');
    await worker.query('select * from silver.run_chunk($1, $2, 1)', [made?.id, 'w']);
    await expect(sync()).rejects.toMatchObject({
      code: '55P03',
      message: 'app.hourly is being planned or computed',
      hint: expect.stringContaining('pause_rollup'),
    });
    await worker.query('rollback');
    expect(await sync()).toEqual([]);
  });
});
