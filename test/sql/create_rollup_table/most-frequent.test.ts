import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

/** Column, type, and values of it: the first is the most frequent, the next two are as frequent as each other. */
const types = [
  ['yes', 'boolean', ['true', 'false', 'false']],
  ['word', 'text', ['b', 'a', 'Z']],
  ['code', 'varchar(5)', ['b', 'a', 'Z']],
  [
    'id',
    'uuid',
    [
      '00000000-0000-0000-0000-00000000000b',
      '00000000-0000-0000-0000-00000000000a',
      '00000000-0000-0000-0000-00000000000c',
    ],
  ],
  ['mood', 'app.mood', ['sad', 'ok', 'happy']],
  ['day', 'date', ['2026-02-01', '2026-01-01', '2026-03-01']],
  ['moment', 'timestamptz', ['2026-02-01 00:00Z', '2026-01-01 00:00Z', '2026-03-01 00:00Z']],
  ['clock', 'time', ['10:00', '09:00', '11:00']],
  ['address', 'inet', ['10.0.0.2', '10.0.0.1', '10.0.0.3/8']],
  ['bytes', 'bytea', ['\\x02', '\\x01', '\\x03']],
  ['list', 'integer[]', ['{2,3}', '{1}', '{4}']],
  ['words', 'text[]', ['{b,"x,y"}', '{a}', '{}']],
  ['span', 'int4range', ['[2,3)', '[1,2)', 'empty']],
  ['spans', 'datemultirange', ['{[2026-01-01,2026-01-02)}', '{}', '{[2026-02-01,2026-02-02)}']],
  ['pair', 'app.pair', ['(2,b)', '(1,a)', '(,)']],
  ['short', 'app.short', ['b', 'a', 'c']],
  ['letter', 'char(3)', ['b', 'a', 'c']],
] as const;

describe('a column of a type that is not a number', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await database.query(`create schema app;
      create type app.mood as enum ('sad', 'ok', 'happy'); create type app.pair as (n integer, t text);
      create domain app.short as text check (length(value) < 5);
      create table app.things (at timestamptz not null, device text, ${types.map(([name, type]) => `${name} ${type}`).join(', ')});`);
    const names = types.map(([name]) => name).join(', ');
    const row = (at: string, device: string, index: 0 | 1 | 2) =>
      `insert into app.things (at, device, ${names}) values ('${at}', '${device}', ${types.map((type) => `'${type[2][index]}'`).join(', ')});`;
    // Hour 0, device d: the first value twice. Hour 1: the three once each. Device e, hour 1: the second value twice.
    await database.query(
      [
        row('2026-01-01 00:01Z', 'd', 1),
        row('2026-01-01 00:02Z', 'd', 0),
        row('2026-01-01 00:03Z', 'd', 0),
        row('2026-01-01 01:01Z', 'd', 2),
        row('2026-01-01 01:02Z', 'd', 0),
        row('2026-01-01 01:03Z', 'd', 1),
        row('2026-01-01 01:04Z', 'e', 1),
        row('2026-01-01 01:05Z', 'e', 1),
        `insert into app.things (at, device) values ('2026-01-01 02:00Z', 'd')`,
      ].join(''),
    );
    await database.query(`
      select silver.create_rollup_table('app.things', 'app', 'hourly', '1 hour', time_column => 'at', dimensions => '{device}', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', dimensions => '{}', start_from => '2026-01-01Z')`);
    await settle(database);
  });

  const one = async (statement: string) =>
    Object.values((await database.query(statement))[0] ?? {});

  it.each(types)('%s: %s', async (name, type, [often, lowest]) => {
    for (const live of ['', '_live']) {
      const at = (hour: number, device = 'd') =>
        `app.hourly${live} where timestamp = '2026-01-01 0${hour}:00Z' and device = '${device}'`;
      const is = (value: string) => `${name}::text = ('${value}'::${type})::text`;
      expect(await one(`select ${is(often)} from ${at(0)}`)).toEqual([true]);
      expect(await one(`select ${is(lowest)} from ${at(1, 'e')}`)).toEqual([true]);
      expect(await one(`select ${name} is null and values_${name} is null from ${at(2)}`)).toEqual([
        true,
      ]);
      expect(
        await one(
          `select (select sum(v::int) from jsonb_each_text(values_${name}) as e (k, v))::int from ${at(0)}`,
        ),
      ).toEqual([3]);
      // The whole day has 3 of the first, 4 of the second: the most frequent of the hours' most frequent would be the first.
      expect(await one(`select ${is(lowest)} from app.daily${live}`)).toEqual([true]);
    }
  });

  it('of values that are as frequent the one with the lowest text is taken, whatever the order of the rows', async () => {
    for (const order of ['asc', 'desc']) {
      await database.query(`delete from app.things; insert into app.things (at, device, word, yes)
        select '2026-01-01 03:00Z', 'd', w, y from (values ('b', true), ('a', false), ('Z', true), ('é', false)) as v (w, y) order by w ${order}`);
      await settle(database);
      expect(await database.query(`select word, yes from app.hourly`)).toEqual([
        { word: 'Z', yes: false },
      ]);
      expect(await database.query(`select word, yes from app.daily`)).toEqual([
        { word: 'Z', yes: false },
      ]);
    }
  });
});

describe('more than 1,000 values in a group', () => {
  const database = useDatabase();

  it('are not stored, and a coarser level counts them from the root source, exactly', async () => {
    await database.query(`create schema app;
      create table app.hits (at timestamptz not null, device text, word text);
      create index on app.hits (at);
      insert into app.hits select '2026-01-01Z'::timestamptz + i * interval '1 second', 'd' || i % 2, 'w' || i from generate_series(1, 3000) i;
      insert into app.hits select '2026-01-01 01:00Z', 'd0', 'w7' from generate_series(1, 3);
      insert into app.hits select '2026-01-01 00:59Z', 'd0', 'w9' from generate_series(1, 2);
      select silver.create_rollup_table('app.hits', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', dimensions => '{}', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(
      await database.query(
        `select device, word, jsonb_typeof(values_word) as kept from app.hourly order by timestamp, device`,
      ),
    ).toEqual([
      { device: 'd0', word: 'w9', kept: 'number' },
      { device: 'd1', word: 'w1', kept: 'number' },
      { device: 'd0', word: 'w7', kept: 'object' },
    ]);
    const truth = await database.query(
      `select word from (select word, count(*) as n from app.hits group by word) as c order by n desc, word collate "C" limit 1`,
    );
    expect(await database.query('select word from app.daily')).toEqual(truth);
    expect(await database.query('select word from app.daily_live')).toEqual(truth);
    // A change beyond the cap reaches the coarser level too.
    await database.query(
      `insert into app.hits select '2026-01-01 00:58Z', 'd1', 'w2999' from generate_series(1, 9)`,
    );
    await settle(database);
    expect(await database.query('select word from app.daily')).toEqual([{ word: 'w2999' }]);
  });

  it('exactly 1,000 are stored', async () => {
    await database.query(`create table app.few (at timestamptz not null, word text);
      insert into app.few select '2026-01-01Z', 'w' || i from generate_series(1, 1000) i;
      select silver.create_rollup_table('app.few', 'app', 'few_hourly', '1 hour', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(
      await database.query(
        `select (select count(*) from jsonb_object_keys(values_word))::int as n from app.few_hourly`,
      ),
    ).toEqual([{ n: 1000 }]);
  });
});
