import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

const stats = (table: string, columns = '*') =>
  database.query(`select ${columns} from silver.get_partition_stats($1)`, [table]);

beforeAll(async () => {
  await database.query(
    `set timezone = 'UTC';
     create schema "Odd; schema";
     create table "Odd; schema"."Select" (at timestamptz not null, place text, note text) partition by range (at);
     create table "Odd; schema".later partition of "Odd; schema"."Select" for values from ('2026-02-01') to (maxvalue);
     create table "Odd; schema".first partition of "Odd; schema"."Select" for values from ('2026-01-01') to ('2026-02-01') partition by list (place);
     create table "Odd; schema".first_a partition of "Odd; schema".first for values in ('a');
     create table "Odd; schema".first_b partition of "Odd; schema".first for values in ('b');
     create index on "Odd; schema"."Select" (at);
     insert into "Odd; schema"."Select" select timestamptz '2026-01-01' + i * interval '1 minute', 'a', repeat('x', 100) from generate_series(1, 2000) i;
     insert into "Odd; schema"."Select" select timestamptz '2026-03-01', 'b', string_agg(md5(i::text), '') from generate_series(1, 3000) i;
     create table public.plain (n integer);
     insert into public.plain select generate_series(1, 100);
     analyze;`,
  );
});

it('has a row for each partition at any depth, in the order of their bounds', async () => {
  expect(
    await stats(
      '"Odd; schema"."Select"',
      'partition_name, parent_name, level, is_leaf, lower_bound::text, upper_bound::text, row_estimate::int',
    ),
  ).toEqual([
    {
      partition_name: '"Odd; schema".first',
      parent_name: '"Odd; schema"."Select"',
      level: 1,
      is_leaf: false,
      lower_bound: '2026-01-01 00:00:00+00',
      upper_bound: '2026-02-01 00:00:00+00',
      row_estimate: 2000,
    },
    {
      partition_name: '"Odd; schema".first_a',
      parent_name: '"Odd; schema".first',
      level: 2,
      is_leaf: true,
      lower_bound: '2026-01-01 00:00:00+00',
      upper_bound: '2026-02-01 00:00:00+00',
      row_estimate: 2000,
    },
    {
      partition_name: '"Odd; schema".first_b',
      parent_name: '"Odd; schema".first',
      level: 2,
      is_leaf: true,
      lower_bound: '2026-01-01 00:00:00+00',
      upper_bound: '2026-02-01 00:00:00+00',
      row_estimate: 0,
    },
    {
      partition_name: '"Odd; schema".later',
      parent_name: '"Odd; schema"."Select"',
      level: 1,
      is_leaf: true,
      lower_bound: '2026-02-01 00:00:00+00',
      upper_bound: null,
      row_estimate: 1,
    },
  ]);
});

it('its bytes are those of the catalog, and add up', async () => {
  const rows = await database.query(
    `select s.partition_name, s.total_bytes::int as total, (s.table_bytes + s.index_bytes + s.toast_bytes)::int as parts,
       pg_total_relation_size(s.partition_name::regclass)::int as really, s.toast_bytes > 8192 as toasted
     from silver.get_partition_stats('"Odd; schema"."Select"') s where is_leaf`,
  );
  expect(rows).toHaveLength(3);
  for (const { partition_name: name, total, parts, really, toasted } of rows) {
    expect([name, total, parts]).toEqual([name, really, really]);
    expect([name, toasted]).toEqual([name, name === '"Odd; schema".later']);
  }
});

it('of a plain table there is one row, of itself', async () => {
  expect(
    await stats('public.plain', 'partition_name, level, is_leaf, lower_bound, row_estimate::int'),
  ).toEqual([
    {
      partition_name: 'public.plain',
      level: 0,
      is_leaf: true,
      lower_bound: null,
      row_estimate: 100,
    },
  ]);
});

it('an estimate that nobody made is null, not 0', async () => {
  await database.query('create table public.fresh (n integer)');
  expect(await stats('public.fresh', 'row_estimate, last_analyze, cache_hit_ratio')).toEqual([
    { row_estimate: null, last_analyze: null, cache_hit_ratio: null },
  ]);
});

it('refuses what is no table, naming the argument', async () => {
  await expect(stats('no.such')).rejects.toMatchObject({
    code: '42P01',
    message: 'parent_table_name: there is no table no.such',
  });
});
