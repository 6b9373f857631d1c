import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query('create schema app');
});

async function columns(target: string): Promise<string[]> {
  const rows = await database.query<{ text: string }>(
    `select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then '' else ' null' end as text
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [target],
  );
  return rows.map(({ text }) => text);
}

it('columns come in order: timestamp, dimensions, row_count, then the metrics as in the source', async () => {
  await database.query(`create domain app.positive as numeric(8,3) check (value > 0);
    create table app.mixed (gone integer, at timestamptz not null, b boolean, device text not null, site varchar(10), n app.positive not null,
      j jsonb, whole integer generated always as (2) stored, place point, doc xml, spans int4range, tags text[]);
    alter table app.mixed drop column gone;
    insert into app.mixed (at, b, device, n, spans, tags) values ('2026-01-01Z', true, 'd', 1.5, '[1,5)', '{a,b}');
    select silver.create_rollup_table('app.mixed', 'app', 'mixed_hourly', '1 hour', dimensions => '{site,device}', start_from => '2026-01-01Z')`);
  expect(await columns('app.mixed_hourly')).toEqual([
    'timestamp timestamp with time zone',
    'site character varying(10) null',
    'device text',
    'row_count bigint',
    'b boolean null',
    'values_b jsonb null',
    'min_n numeric(8,3)',
    'max_n numeric(8,3)',
    'avg_n numeric',
    'sum_n numeric',
    'count_n bigint',
    'j jsonb[] null',
    'count_j bigint',
    'min_whole integer null',
    'max_whole integer null',
    'avg_whole numeric null',
    'sum_whole bigint null',
    'count_whole bigint',
    'spans int4range null',
    'values_spans jsonb null',
    'tags text[] null',
    'values_tags jsonb null',
  ]);
  await settle(database);
  expect(
    await database.query(
      `select site, device, b, min_n, sum_whole::int, spans::text, tags::text from app.mixed_hourly`,
    ),
  ).toEqual([
    {
      site: null,
      device: 'd',
      b: true,
      min_n: '1.500',
      sum_whole: 2,
      spans: '[1,5)',
      tags: '{a,b}',
    },
  ]);
});

describe('dimensions', () => {
  it('may be null, of any type that can be grouped by, and null is a group of its own', async () => {
    await database.query(`create type app.colour as enum ('red', 'green');
      create table app.groups (at timestamptz not null, e app.colour, r int4range, a text[], d app.positive, t timestamptz, n integer);
      insert into app.groups select '2026-01-01Z', e, r, a, d, t, 1
      from (values (null::app.colour), ('red')) e (e), (values (null::int4range), ('[1,2)')) r (r), (values (null::text[]), ('{x}')) a (a),
        (values (null::app.positive), (1.5)) d (d), (values (null::timestamptz), ('2026-01-01Z')) t (t), generate_series(1, 2);
      select silver.create_rollup_table('app.groups', 'app', 'groups_hourly', '1 hour', time_column => 'at', dimensions => '{e,r,a,d,t}', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(
      await database.query(
        `select count(*)::int as groups, min(row_count)::int as least, max(row_count)::int as most from app.groups_hourly`,
      ),
    ).toEqual([{ groups: 32, least: 2, most: 2 }]);
    await database.query(`update app.groups set n = 2 where e is null`);
    await settle(database);
    expect(
      await database.query(
        `select sum_n::int as sum, count(*)::int from app.groups_hourly group by 1 order by 1`,
      ),
    ).toEqual([
      { sum: 2, count: 16 },
      { sum: 4, count: 16 },
    ]);
    expect(await database.query(`select * from silver.verify_rollup('app.groups_hourly')`)).toEqual(
      [],
    );
  });

  it('none: one row a bucket, with its metrics', async () => {
    await database.query(`create table app.alone (at timestamptz not null, n integer);
      insert into app.alone values ('2026-01-01Z', 1), ('2026-01-01Z', 2);
      select silver.create_rollup_table('app.alone', 'app', 'alone_hourly', '1 hour', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(await database.query(`select sum_n::int as sum from app.alone_hourly`)).toEqual([
      { sum: 3 },
    ]);
  });

  it('and no metric: row counts', async () => {
    await database.query(`create table app.visits (at timestamptz not null, page text);
      insert into app.visits values ('2026-01-01Z', 'a'), ('2026-01-01Z', 'a'), ('2026-01-01Z', null);
      select silver.create_rollup_table('app.visits', 'app', 'visits_hourly', '1 hour', dimensions => '{page}', start_from => '2026-01-01Z');
      create table app.ticks (at timestamptz not null);
      insert into app.ticks values ('2026-01-01Z'), ('2026-01-01 00:30Z');
      select silver.create_rollup_table('app.ticks', 'app', 'ticks_hourly', '1 hour', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.ticks_hourly', 'app', 'ticks_daily', '1 day', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(await columns('app.visits_hourly')).toEqual([
      'timestamp timestamp with time zone',
      'page text null',
      'row_count bigint',
    ]);
    expect(
      await database.query(`select page, row_count::int as n from app.visits_hourly order by page`),
    ).toEqual([
      { page: 'a', n: 2 },
      { page: null, n: 1 },
    ]);
    expect(await database.query(`select row_count::int as n from app.ticks_daily`)).toEqual([
      { n: 2 },
    ]);
  });

  it('are the active rows of timeseries_dimension_config, which the argument overrides', async () => {
    await database.query(`create table app.sites (at timestamptz not null, company text, site text, n integer);
      insert into silver.timeseries_dimension_config (source_table, dimension_column, is_active) values ('app.sites', 'site', true), ('app.sites', 'company', false);
      select silver.create_rollup_table('app.sites', 'app', 'by_site', '1 hour', exclude => '{n}');
      select silver.create_rollup_table('app.sites', 'app', 'by_company', '1 hour', dimensions => '{company}', exclude => '{n,site}');
      select silver.create_rollup_table('app.sites', 'app', 'by_none', '1 hour', dimensions => '{}', exclude => '{n,site,company}')`);
    expect(await columns('app.by_site')).toEqual([
      'timestamp timestamp with time zone',
      'site text null',
      'row_count bigint',
      'company text null',
      'values_company jsonb null',
    ]);
    expect(await columns('app.by_company')).toEqual([
      'timestamp timestamp with time zone',
      'company text null',
      'row_count bigint',
    ]);
    expect(await columns('app.by_none')).toEqual([
      'timestamp timestamp with time zone',
      'row_count bigint',
    ]);
    // They belong to the source: a rollup of the rollup has its parent's.
    await database.query(
      `select silver.create_rollup_table('app.by_site', 'app', 'by_site_daily', '1 day')`,
    );
    expect((await columns('app.by_site_daily'))[1]).toBe('site text null');
  });
});

it('exclude leaves columns out, of a child too', async () => {
  await database.query(`create table app.wide (at timestamptz not null, a integer, b integer, c text);
    select silver.create_rollup_table('app.wide', 'app', 'wide_hourly', '1 hour', exclude => '{b}');
    select silver.create_rollup_table('app.wide_hourly', 'app', 'wide_daily', '1 day', exclude => '{c}')`);
  expect((await columns('app.wide_hourly')).filter((column) => / ?\w*_b /.test(column))).toEqual(
    [],
  );
  expect(await columns('app.wide_daily')).toEqual([
    'timestamp timestamp with time zone',
    'row_count bigint',
    'min_a integer null',
    'max_a integer null',
    'avg_a numeric null',
    'sum_a bigint null',
    'count_a bigint',
  ]);
});
