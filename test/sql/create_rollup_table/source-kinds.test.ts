import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query(`create schema app; create schema outside;
    create table app.plain (at timestamptz not null, device text, n integer);
    create index on app.plain (at);
    insert into app.plain values ('2026-01-01 00:10Z', 'd', 1), ('2026-01-01 01:10Z', 'd', 2);
    create table app.parted (like app.plain) partition by range (at);
    create table app.parted_a partition of app.parted for values from ('2026-01-01Z') to ('2026-01-01 01:00Z');
    create table app.parted_b partition of app.parted default partition by list (device);
    create table app.parted_b1 partition of app.parted_b default;
    insert into app.parted select * from app.plain;
    create view app.viewed as select * from app.plain;
    create materialized view app.kept as select * from app.plain;
    create unlogged table app.unlogged (like app.plain);
    create table app.heir () inherits (app.plain);
    create sequence app.counter;
    create type app.shape as (at timestamptz);`);
});

const rows = (relation: string) =>
  database.query(
    `select extract(hour from timestamp at time zone 'UTC')::int as hour, sum_n::int as sum from ${relation} order by 1`,
  );
const right = [
  { hour: 0, sum: 1 },
  { hour: 1, sum: 2 },
];

describe('tracked', () => {
  it.each(['plain', 'parted'])('a table: %s', async (source) => {
    await database.query(
      `select silver.create_rollup_table('app.${source}', 'app', '${source}_hourly', '1 hour', start_from => '2026-01-01Z')`,
    );
    await settle(database);
    expect(await rows(`app.${source}_hourly`)).toEqual(right);
    expect(await rows(`app.${source}_hourly_live`)).toEqual(right);
  });

  it('another rollup, whatever it is computed from', async () => {
    await database.query(
      `select silver.create_rollup_table('app.parted_hourly', 'app', 'parted_daily', '1 day', start_from => '2026-01-01Z')`,
    );
    await settle(database);
    expect(await rows('app.parted_daily')).toEqual([{ hour: 0, sum: 3 }]);
  });

  it.each([
    [
      'a view',
      'app.viewed',
      '42809',
      'mode: app.viewed is a view, whose changes nobody can track',
      /mode => 'look_back'/,
    ],
    [
      'a materialized view',
      'app.kept',
      '42809',
      'mode: app.kept is a materialized view, whose changes',
      /mode => 'look_back'/,
    ],
    [
      'an unlogged table',
      'app.unlogged',
      '55000',
      'source_table_name: app.unlogged is unlogged',
      /SET LOGGED/,
    ],
    [
      'a partition',
      'app.parted_a',
      '42809',
      'source_table_name: app.parted_a is part of app.parted',
      /Roll up that table/,
    ],
    [
      'a child by INHERITS',
      'app.heir',
      '42809',
      'source_table_name: app.heir is part of app.plain',
      /Roll up that table/,
    ],
    [
      'a sequence',
      'app.counter',
      '42809',
      'source_table_name: app.counter is a sequence',
      /table or a view/,
    ],
    [
      'a composite type',
      'app.shape',
      '42809',
      'source_table_name: app.shape is a composite type',
      /table or a view/,
    ],
    [
      'an index',
      'app.plain_at_idx',
      '42809',
      'source_table_name: app.plain_at_idx is a index',
      /table or a view/,
    ],
    [
      'a table of Silver',
      'silver.timeseries_refresh_log',
      '42501',
      "source_table_name: silver.timeseries_refresh_log is a table of the system's own",
      /of yours/,
    ],
    [
      'a table of PostgreSQL',
      'pg_catalog.pg_class',
      '42501',
      "source_table_name: pg_class is a table of the system's own",
      /of yours/,
    ],
    [
      'nothing',
      'app.nothing',
      '42P01',
      'source_table_name: there is no table app.nothing',
      /schema.table/,
    ],
    [
      'no name',
      'a.b.c.d',
      '42602',
      "source_table_name: 'a.b.c.d' is no name of a table",
      /schema.table/,
    ],
  ])('refused: %s', async (_name, source, code, message, remedy) => {
    await expect(
      database.query(`select silver.create_rollup_table($1, 'app', 'refused', '1 hour')`, [source]),
    ).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringMatching(remedy),
    });
  });

  it('refused: a temporary table, and a partition that is unlogged', async () => {
    await database.query(`create temporary table passing (at timestamptz); create table app.mixed (at timestamptz) partition by range (at);
      create unlogged table app.mixed_leaf partition of app.mixed default`);
    await expect(
      database.query(`select silver.create_rollup_table('passing', 'app', 'refused', '1 hour')`),
    ).rejects.toMatchObject({
      code: '55000',
      message: expect.stringContaining('passing is temporary'),
    });
    await expect(
      database.query(`select silver.create_rollup_table('app.mixed', 'app', 'refused', '1 hour')`),
    ).rejects.toMatchObject({
      code: '55000',
      message: expect.stringContaining('app.mixed_leaf is unlogged'),
    });
  });

  it('a source is found by the caller’s search_path', async () => {
    await database.query(
      `set search_path = app; select silver.create_rollup_table('plain', 'app', 'plain_daily', '1 day'); reset search_path`,
    );
    expect(
      await database.query(
        `select source_table::text from silver.timeseries_rollup_config where target_table = 'app.plain_daily'::regclass`,
      ),
    ).toEqual([{ source_table: 'app.plain' }]);
  });
});

describe('look_back', () => {
  /** A bucket has fallen due since the last look: as if the horizon had not come so far yet. */
  async function lookAgain(source: string): Promise<void> {
    await database.query(
      `update silver.timeseries_tracked_source set horizon = '-infinity' where source_table = $1::regclass`,
      [source],
    );
    await settle(database);
  }

  it('rolls a view up: what came within the window is seen, by the live view too; what is older is not, until it is said', async () => {
    const [now] = await database.query<{ hour: Date }>(
      `select date_bin('1 hour', now(), '2000-01-01Z') as hour`,
    );
    await database.query(
      `insert into app.plain values ($1::timestamptz - interval '3 hours', 'd', 5), ($1::timestamptz - interval '2 days', 'd', 7)`,
      [now?.hour],
    );
    await database.query(
      `select silver.create_rollup_table('app.viewed', 'app', 'viewed_hourly', '1 hour', mode => 'look_back', look_back_window => '1 day', start_from => now() - interval '5 days')`,
    );
    await settle(database);
    const sums = (relation = 'app.viewed_hourly') =>
      database.query(`select sum_n::int as sum from ${relation} order by timestamp`);
    expect(await sums()).toEqual([{ sum: 7 }, { sum: 5 }]);
    expect(await sums('app.viewed_hourly_live')).toEqual([{ sum: 7 }, { sum: 5 }]);
    expect(
      await database.query(`select * from pg_trigger where tgrelid = 'app.viewed'::regclass`),
    ).toEqual([]);

    await database.query(`update app.plain set n = n + 1 where n in (5, 7)`);
    await lookAgain('app.viewed');
    expect(await sums()).toEqual([{ sum: 7 }, { sum: 6 }]);
    // Late work rests between two runs; not here.
    await database.query(
      `update silver.timeseries_rollup_config set rerun_interval = '0'; select silver.invalidate('app.viewed_hourly')`,
    );
    await settle(database);
    expect(await sums()).toEqual([{ sum: 8 }, { sum: 6 }]);
  });

  it('has rollups of its own, with a live view', async () => {
    await database.query(
      `select silver.create_rollup_table('app.viewed_hourly', 'app', 'viewed_weekly', '1 week', start_from => now() - interval '5 days')`,
    );
    await settle(database);
    expect(
      await database.query(`select sum(sum_n)::int as sum from app.viewed_weekly_live`),
    ).toEqual([{ sum: 14 }]);
  });

  it('rolls a foreign table up, and tracks none', async () => {
    const [own] = await database.query<{ port: number; host: string }>(
      `select inet_server_port() as port, host(inet_server_addr()) as host`,
    );
    const address = own?.port == null ? '' : `host '${own.host}', port '${own.port}', `;
    await database.query(`create extension postgres_fdw; create server far foreign data wrapper postgres_fdw options (${address}dbname '${database.name}');
      create user mapping for current_user server far options (user 'postgres', password_required 'false');
      create foreign table outside.plain (at timestamptz, device text, n integer) server far options (schema_name 'app', table_name 'plain')`);
    await expect(
      database.query(
        `select silver.create_rollup_table('outside.plain', 'app', 'far_hourly', '1 hour')`,
      ),
    ).rejects.toMatchObject({
      code: '42809',
      message: expect.stringContaining('mode: outside.plain is a foreign table'),
      hint: expect.stringContaining(`mode => 'look_back'`),
    });
    await database.query(
      `select silver.create_rollup_table('outside.plain', 'app', 'far_hourly', '1 hour', mode => 'look_back', start_from => '2026-01-01Z', partition_interval => '0')`,
    );
    await settle(database);
    expect(await rows(`app.far_hourly where timestamp < '2026-02-01Z'`)).toEqual(right);
  });

  it('is one for all rollups of a source', async () => {
    await expect(
      database.query(
        `select silver.create_rollup_table('app.plain', 'app', 'refused', '1 hour', mode => 'look_back')`,
      ),
    ).rejects.toMatchObject({
      code: '22023',
      message: expect.stringContaining(
        'mode: app.plain is read in track mode by its other rollups',
      ),
    });
    await expect(
      database.query(
        `select silver.create_rollup_table('app.plain_hourly', 'app', 'refused', '1 day', mode => 'look_back')`,
      ),
    ).rejects.toMatchObject({
      code: '22023',
      message: expect.stringContaining('mode: app.plain_hourly is the target of a rollup'),
    });
    await expect(
      database.query(
        `select silver.create_rollup_table('app.plain', 'app', 'refused', '1 hour', mode => 'guess')`,
      ),
    ).rejects.toMatchObject({
      code: '22023',
      message: expect.stringContaining(`mode: 'guess' is neither track nor look_back`),
    });
  });
});
