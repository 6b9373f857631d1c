import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

describe('a jsonb column', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await database.query(`create schema app;
      create table app.events (at timestamptz not null, device text, payload jsonb, plain json);
      create index on app.events (at);
      insert into app.events values
        ('2026-01-01 00:30Z', 'd', '{"n": 3}', '{"b": 1}'), ('2026-01-01 00:10Z', 'd', '2', '2'), ('2026-01-01 00:10Z', 'd', '1', '1'),
        ('2026-01-01 00:20Z', 'e', '"x"', '"x"'), ('2026-01-01 00:40Z', 'd', null, null), ('2026-01-01 00:05Z', 'e', 'null', 'null'),
        ('2026-01-01 01:00Z', 'd', '[]', '[]');
      select silver.create_rollup_table('app.events', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'total', '1 day', dimensions => '{}', start_from => '2026-01-01Z')`);
    await settle(database);
  });

  const read = (relation: string) =>
    database.query(
      `select payload::text, plain::text, count_payload::int as n from ${relation} order by timestamp, 1`,
    );

  it('is kept as its values, in order of time, then value; nulls are left out', async () => {
    for (const relation of ['app.hourly', 'app.hourly_live']) {
      expect(await read(`${relation} where device = 'd'`)).toEqual([
        { payload: '{1,2,"{\\"n\\": 3}"}', plain: '{1,2,"{\\"b\\": 1}"}', n: 3 },
        { payload: '{[]}', plain: '{[]}', n: 1 },
      ]);
    }
  });

  it('is strung together by a rollup of the rollup with the same dimensions', async () => {
    for (const relation of ['app.daily', 'app.daily_live']) {
      expect(await read(`${relation} where device = 'd'`)).toEqual([
        { payload: '{1,2,"{\\"n\\": 3}",[]}', plain: '{1,2,"{\\"b\\": 1}",[]}', n: 4 },
      ]);
    }
  });

  it('is read from the root source by one that leaves a dimension out, for groups have to be merged by time', async () => {
    expect(
      await database.query(`select r.source_table::text as declared, s.source_table::text as read
        from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s using (source_id) where r.target_table = 'app.total'::regclass`),
    ).toEqual([{ declared: 'app.hourly', read: 'app.events' }]);
    for (const relation of ['app.total', 'app.total_live']) {
      expect(await read(relation)).toEqual([
        {
          payload: '{"null",1,2,"\\"x\\"","{\\"n\\": 3}",[]}',
          plain: '{"null",1,2,"\\"x\\"","{\\"b\\": 1}",[]}',
          n: 6,
        },
      ]);
    }
    await expect(database.query(`select silver.drop_rollup('app.hourly')`)).rejects.toMatchObject({
      code: '2BP01',
    });
  });

  it('keeps the first 1,000 of a group, and the count of all, at every level', async () => {
    await database.query(`create table app.many (at timestamptz not null, payload jsonb);
      insert into app.many select '2026-01-01Z'::timestamptz + (3000 - i) * interval '2 seconds', to_jsonb(3000 - i) from generate_series(1, 3000) i;
      select silver.create_rollup_table('app.many', 'app', 'many_hourly', '1 hour', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.many_hourly', 'app', 'many_daily', '1 day', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(
      await database.query(
        `select cardinality(payload) as kept, payload[1]::text as first, payload[1000]::text as last, count_payload::int as n from app.many_daily`,
      ),
    ).toEqual([{ kept: 1000, first: '0', last: '999', n: 3000 }]);
    expect(
      await database.query(
        `select cardinality(payload) as kept, payload[1]::text as first, count_payload::int as n from app.many_hourly order by timestamp`,
      ),
    ).toEqual([
      { kept: 1000, first: '0', n: 1800 },
      { kept: 1000, first: '1800', n: 1200 },
    ]);
  });
});
