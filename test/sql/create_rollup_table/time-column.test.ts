import { beforeAll, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query(`create schema app; set timezone = 'UTC'`);
});

const starts = (relation: string) =>
  database.query(
    `select timestamp::text as at, row_count::int as n from ${relation} order by timestamp`,
  );

it.each([
  // Variables and aliases of the triggers and stored statements among them.
  'at',
  'timestamp',
  'horizon',
  'earliest',
  'touched',
  'bin',
  'n',
  's',
  'f',
  't',
  'found',
  'tg_op',
  'new',
  'time zone',
  'Time; "',
  'select',
])('may be called %s', async (name) => {
  const column = `"${name.replaceAll('"', '""')}"`;
  await database.query(`drop table if exists app.named cascade;
    create table app.named (value integer, ${column} timestamptz not null) partition by range (${column});
    create table app.named_leaf partition of app.named default;
    insert into app.named values (1, '2026-01-01 00:10Z');
    select silver.create_rollup_table('app.named', 'app', 'named_hourly', '1 hour', start_from => '2026-01-01Z')`);
  await settle(database);
  await database.query(`insert into app.named values (2, '2026-01-01 00:20Z'), (3, '2026-01-01 05:00Z');
    update app.named set ${column} = ${column} + interval '3 hours' where value = 2; delete from app.named where value = 3`);
  const right = [
    { at: '2026-01-01 00:00:00+00', n: 1 },
    { at: '2026-01-01 03:00:00+00', n: 1 },
  ];
  expect(await starts('app.named_hourly_live')).toEqual(right);
  await settle(database);
  expect(await starts('app.named_hourly')).toEqual(right);
  await database.query(`select silver.drop_rollup('app.named_hourly', true)`);
});

it('a timestamp is read in the stated zone, and its bucket follows the instant over a change of clocks', async () => {
  await database.query(`create table app.local (at timestamp not null);
    insert into app.local values ('2026-03-29 01:30'), ('2026-03-29 03:30'), ('2026-10-25 01:30'), ('2026-10-25 03:30');
    select silver.create_rollup_table('app.local', 'app', 'local_hourly', '1 hour', time_zone => 'Europe/Berlin', start_from => '2026-01-01Z');
    select silver.create_rollup_table('app.local', 'app', 'local_daily', '1 day', bucket_time_zone => 'Europe/Berlin', start_from => '2026-01-01Z')`);
  await settle(database);
  expect(await starts('app.local_hourly')).toEqual([
    { at: '2026-03-29 00:00:00+00', n: 1 },
    { at: '2026-03-29 01:00:00+00', n: 1 },
    { at: '2026-10-24 23:00:00+00', n: 1 },
    { at: '2026-10-25 02:00:00+00', n: 1 },
  ]);
  expect(await starts('app.local_daily')).toEqual([
    { at: '2026-03-28 23:00:00+00', n: 2 },
    { at: '2026-10-24 22:00:00+00', n: 2 },
  ]);
  await database.query(`insert into app.local values ('2026-03-29 03:59')`);
  expect(await starts('app.local_daily_live')).toEqual([
    { at: '2026-03-28 23:00:00+00', n: 3 },
    { at: '2026-10-24 22:00:00+00', n: 2 },
  ]);
});

it('a date falls into its day of the buckets’ zone', async () => {
  await database.query(`create table app.days (day date not null, n integer);
    insert into app.days values ('2026-03-01', 1), ('2026-03-01', 2), ('2026-03-02', 3);
    select silver.create_rollup_table('app.days', 'app', 'days_daily', '1 day', bucket_time_zone => 'America/New_York', start_from => '2026-02-01Z')`);
  await settle(database);
  expect(await starts('app.days_daily')).toEqual([
    { at: '2026-03-01 05:00:00+00', n: 2 },
    { at: '2026-03-02 05:00:00+00', n: 1 },
  ]);
});

it('infinite times belong to no bucket, and change nothing', async () => {
  await database.query(`create table app.endless (at timestamptz);
    insert into app.endless values ('2026-01-01Z'), (null);
    select silver.create_rollup_table('app.endless', 'app', 'endless_hourly', '1 hour', start_from => '2026-01-01Z')`);
  await settle(database);
  await database.query(
    `insert into app.endless values ('infinity'), ('-infinity'), ('infinity'), ('2026-01-01Z')`,
  );
  await settle(database);
  expect(await starts('app.endless_hourly')).toEqual([{ at: '2026-01-01 00:00:00+00', n: 2 }]);
  expect(await starts('app.endless_hourly_live')).toEqual([{ at: '2026-01-01 00:00:00+00', n: 2 }]);
});

it.each([
  [
    'of another type',
    `'app.wrong', 'app', 'x', '1 hour', time_column => 'n'`,
    '22023',
    'time_column: n of app.wrong is of type integer',
  ],
  [
    'a time alone',
    `'app.wrong', 'app', 'x', '1 hour', time_column => 'clock'`,
    '22023',
    'time_column: clock of app.wrong is of type time without time zone',
  ],
  ['none', `'app.wrong', 'app', 'x', '1 hour'`, '42703', 'app.wrong has no time column'],
  [
    'missing',
    `'app.wrong', 'app', 'x', '1 hour', time_column => 'at'`,
    '42703',
    'time_column: app.wrong has no column at',
  ],
  [
    'one of several',
    `'app.several', 'app', 'x', '1 hour'`,
    '42702',
    'app.several has several time columns: {a,b}',
  ],
  [
    'a timestamp without a zone',
    `'app.zoneless', 'app', 'x', '1 hour'`,
    '22023',
    'time_zone: at of app.zoneless is a timestamp, which says no zone',
  ],
  [
    'in a zone that is none',
    `'app.zoneless', 'app', 'x', '1 hour', time_zone => 'Mars/Base'`,
    '22023',
    `time_zone: 'Mars/Base' is no time zone`,
  ],
  [
    'a timestamptz with a zone',
    `'app.several', 'app', 'x', '1 hour', time_column => 'a', time_zone => 'UTC'`,
    '22023',
    'time_zone: a of app.several is a timestamptz',
  ],
])('refused: %s', async (_name, call, code, message) => {
  await database.query(`create table if not exists app.wrong (n integer, clock time);
    create table if not exists app.several (a timestamptz, b timestamptz); create table if not exists app.zoneless (at timestamp)`);
  await expect(database.query(`select silver.create_rollup_table(${call})`)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
    hint: expect.stringMatching(/\w/),
  });
});

it('is the same for every rollup of a source', async () => {
  await database.query(`create table app.shared (a timestamptz, b timestamptz);
    select silver.create_rollup_table('app.shared', 'app', 'shared_hourly', '1 hour', time_column => 'b');
    select silver.create_rollup_table('app.shared', 'app', 'shared_daily', '1 day')`);
  expect(
    await database.query(`select distinct input_column from silver.timeseries_rollup_column c join silver.timeseries_rollup_config r using (rollup_id)
    where role = 'time' and source_table = 'app.shared'::regclass`),
  ).toEqual([{ input_column: 'b' }]);
  await expect(
    database.query(
      `select silver.create_rollup_table('app.shared', 'app', 'shared_weekly', '1 week', time_column => 'a')`,
    ),
  ).rejects.toMatchObject({
    code: '22023',
    message: expect.stringContaining(
      'time_column: app.shared is rolled up by its column b already',
    ),
  });
  await expect(
    database.query(
      `select silver.create_rollup_table('app.local', 'app', 'local_weekly', '1 week', time_zone => 'UTC')`,
    ),
  ).rejects.toMatchObject({
    code: '22023',
    message: expect.stringContaining(
      'time_zone: app.local is read in Europe/Berlin by its other rollups, not in UTC',
    ),
  });
});
