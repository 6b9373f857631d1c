import { beforeAll, describe, expect, it } from 'vitest';
import { settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';

const database = useDatabase();

beforeAll(() => database.query('create schema app'));

describe('the choice is by cost', () => {
  const last = () =>
    database.query<{ by_group: boolean; cheaper: boolean | null }>(
      `select l.groups is not null as by_group, l.groups_cost < l.buckets_cost as cheaper
       from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
       where r.target_table = 'app.choices'::regclass and l.reason = 'late' order by l.refresh_id desc limit 1`,
    );
  const explained = async () =>
    (
      await database.query<{ line: string }>(
        `select line from silver.explain_rollup('app.choices') as line where line like 'la%'`,
      )
    ).map(({ line }) => line);

  beforeAll(async () => {
    await database.query(`create table app.events (at timestamptz not null, device integer not null, amount integer);
      create index on app.events (at);
      insert into app.events select timestamptz '2026-05-01Z' + i * interval '1 second', i % 500, i from generate_series(0, 99999) i;
      create index on app.events (device, at);
      analyze app.events;
      select silver.create_rollup_table('app.events', 'app', 'choices', '1 hour', dimensions => '{device}', start_from => '2026-05-01Z');
      update silver.timeseries_rollup_config set rerun_interval = '0' where target_table = 'app.choices'::regclass`);
    await settle(database);
    await database.query('analyze app.choices');
  });

  it('one group of a bucket of many rows: by group', async () => {
    await database.query(`insert into app.events values ('2026-05-01 05:00:01Z', 77, 1)`);
    await settle(database);
    expect(await last()).toEqual([{ by_group: true, cheaper: true }]);
    expect(await explained()).toEqual([
      expect.stringMatching(/^late changes: the groups that changed, where .* cheaper/),
      expect.stringMatching(/^last: 1 groups, for by group cost \d+, whole buckets \d+$/),
    ]);
  });

  it('every group of some buckets: whole buckets', async () => {
    await database.query(
      `update app.events set amount = amount + 1 where at >= '2026-05-01 05:00Z' and at < '2026-05-01 08:00Z'`,
    );
    await settle(database);
    expect(await last()).toEqual([{ by_group: false, cheaper: false }]);
    expect((await explained())[1]).toMatch(/^last: whole buckets, for /);
    expect(await database.query(`select * from silver.verify_rollup('app.choices')`)).toEqual([]);
  });

  it('more groups than one entry of the log may hold: whole buckets, whatever is asked for', async () => {
    await database.query(`update silver.timeseries_rollup_config set late_precision = 'groups' where target_table = 'app.choices'::regclass;
      insert into app.events select '2026-05-01 07:00Z', i, 1 from generate_series(1000, 11000) i`);
    await settle(database);
    expect(await last()).toEqual([{ by_group: false, cheaper: null }]);
    expect(await database.query(`select * from silver.verify_rollup('app.choices')`)).toEqual([]);
    await database.query(`delete from app.events where device >= 1001`);
    await settle(database);
    expect(await last()).toEqual([{ by_group: true, cheaper: null }]);
    expect(await database.query(`select * from silver.verify_rollup('app.choices')`)).toEqual([]);
  });

  it('more groups in the log than may wait: those of the first buckets by group, the rest whole', async () => {
    for (let entry = 0; entry < 6; entry += 1) {
      await database.query(
        `insert into app.events select timestamptz '2026-05-01 00:30Z' + $1 * interval '1 hour', i, 1 from generate_series(1001, 10000) i`,
        [entry],
      );
    }
    await tick(database);
    expect(
      await database.query(
        `select sum(silver.count_buckets(c.ranges, c.rollup_id))::int as dirty, sum(silver.count_buckets(c.precise, c.rollup_id))::int as by_group
         from silver.timeseries_chunk c join silver.timeseries_rollup_config r using (rollup_id) where r.target_table = 'app.choices'::regclass`,
      ),
    ).toEqual([{ dirty: 6, by_group: 5 }]);
    await settle(database);
    expect(await database.query(`select * from silver.verify_rollup('app.choices')`)).toEqual([]);
  });
});

describe('without statistics, as just after a fill', () => {
  interface Plan {
    readonly 'Relation Name'?: string;
    readonly 'Actual Loops': number;
    readonly Plans?: readonly Plan[];
  }
  const scansOf = (plan: Plan, table: string): readonly number[] => [
    ...(plan['Relation Name'] === table ? [plan['Actual Loops']] : []),
    ...(plan.Plans ?? []).flatMap((part) => scansOf(part, table)),
  ];
  const from = "date_trunc('hour', now()) - interval '30 hours'";
  const extent = `${from}, ${from} + interval '28 hours'`;
  /** Every tenth device to the last, of each hour from the first to the last. */
  const groups = (
    hours: string,
    devices: number,
  ) => `select array_agg(f order by f, d) as froms, array_agg(f + interval '1 hour' order by f, d) as tos, array_agg(jsonb_build_array(d) order by f, d) as keys
    from generate_series(${from}, ${from} + interval '${hours}', interval '1 hour') f, generate_series(0, ${devices}, 10) d`;

  beforeAll(async () => {
    await database.query(`create table app.unknown (at timestamptz not null, device integer not null, amount integer) with (autovacuum_enabled = false);
      create index on app.unknown (at); create index on app.unknown (device, at);
      insert into app.unknown select ${from} + i * interval '1 second', i % 500, i from generate_series(0, 100799) i;
      select silver.create_rollup_table('app.unknown', 'app', 'by_unknown', '1 hour', dimensions => '{device}', start_from => ${from})`);
    await settle(database);
  });

  it('rows cost at least what the averages of the rollup expect, whole or picked', async () => {
    const [cost] = await database.query<{ rows: number; picked: number; whole: number }>(
      `select 28 * r.avg_rows / r.avg_buckets as rows, c.cost as picked,
         silver.ranges_cost(r.rollup_id, s.refresh, tstzmultirange(tstzrange(${extent}))) as whole
       from silver.timeseries_rollup_config r join silver.timeseries_rollup_statement s using (rollup_id), (${groups('27 hours', 490)}) g,
         silver.groups_cost(r.rollup_id, ${extent}, null, g.froms, g.tos, g.keys) c
       where r.target_table = 'app.by_unknown'::regclass`,
    );
    const { picked, rows, whole } = cost as NonNullable<typeof cost>;
    expect(rows).toBeGreaterThan(90_000);
    expect(whole).toBeGreaterThan(300 + 0.03 * rows);
    expect(picked).toBeGreaterThan(300 + 5 * 1_400 + 0.02 * rows);
  });

  it('groups that are picked from their extent take one scan of it, not one each', async () => {
    // So few of them, the planner would look for each by the index on device and time.
    await database.query(
      `analyze app.unknown; create function app.explained() returns json language plpgsql set enable_sort = off as $$
       declare st text; g record; plan json;
       begin
         select s.groups_in_scan into strict st from silver.timeseries_rollup_statement s
         join silver.timeseries_rollup_config r using (rollup_id) where r.target_table = 'app.by_unknown'::regclass;
         for g in ${groups('20 hours', 0)} loop
           execute 'explain (analyze, format json) ' || st into plan
           using ${extent}, null::timestamptz[], g.froms, g.tos, g.keys;
         end loop;
         return plan;
       end $$`,
    );
    const plan = await database.query<{ plan: [{ Plan: Plan }] }>('select app.explained() as plan');
    expect(scansOf(plan[0]?.plan[0].Plan as Plan, 'unknown')).toEqual([1]);
  });
});

describe('dimensions', () => {
  const declare = (type: string, values: string) =>
    database.query(`drop table if exists app.typed cascade; create table app.typed (at timestamptz not null, key ${type}, amount integer);
      insert into app.typed select timestamptz '2026-05-01Z' + i * interval '1 minute', v, i from generate_series(0, 99) i, unnest(array[${values}]::${type.replace(/ collate .*/, '')}[]) v;
      select silver.create_rollup_table('app.typed', 'app', 'by_type', '1 hour', time_column => 'at', dimensions => '{key}', start_from => '2026-05-01Z');
      update silver.timeseries_rollup_config set rerun_interval = '0', late_precision = 'groups' where target_table = 'app.by_type'::regclass`);
  const groupsOf = async () => {
    await settle(database);
    expect(await database.query(`select * from silver.verify_rollup('app.by_type')`)).toEqual([]);
    const [row] = await database.query<{ groups: number | null }>(
      `select l.groups::int as groups from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
       where r.target_table = 'app.by_type'::regclass and l.reason = 'late' order by refresh_id desc limit 1`,
    );
    await database.query(`select silver.drop_rollup('app.by_type', true)`);
    return row?.groups ?? null;
  };

  beforeAll(() =>
    database.query(`create collation app.folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create domain app.name as text collate "C"; create type app.kind as enum ('a', 'b')`),
  );

  it.each([
    ['bigint', `9007199254740993, -1`],
    ['text', `'', 'it''s \u00fc\u2603 "quoted" \\ %s $1', 'null'`],
    ['text collate "C"', `'a', 'B'`],
    ['app.name', `'a', 'B'`],
    ['varchar(5)', `'a', 'b  '`],
    ['uuid', `'6d0b5f5e-0000-4000-8000-000000000001', '6d0b5f5e-0000-4000-8000-000000000002'`],
    ['boolean', 'true, false'],
    ['date', `'2026-05-01', 'infinity', '0044-03-15 BC'`],
    ['timestamptz', `'2026-05-01 12:00:00.123456+00', '-infinity'`],
    ['timestamp', `'2026-05-01 12:00:00.123456', 'infinity', '0044-03-15 01:00 BC'`],
  ])('of %s: by group', async (type, values) => {
    await declare(type, values);
    await settle(database);
    await database.query("update app.typed set amount = amount + 1 where at < '2026-05-01 00:10Z'");
    await database.query(`delete from app.typed where at >= '2026-05-01 01:00Z'`);
    expect(await groupsOf()).toBeGreaterThan(1);
  });

  it('of timestamptz, one group written from two time zones: once', async () => {
    await declare('timestamptz', `'2026-05-01 12:00:00+00'`);
    await settle(database);
    for (const zone of ['Asia/Tokyo', 'America/New_York']) {
      await database.query(`begin; set local timezone = '${zone}';
        insert into app.typed values ('2026-05-01 00:10Z', '2026-05-01 12:00:00+00', 7); commit`);
    }
    expect(await groupsOf()).toBeGreaterThan(0);
  });

  it.each([
    ['numeric', '1.0, 2.50'],
    ['double precision', `0, 'NaN'`],
    ['text collate app.folded', `'a', 'b'`],
    ['app.kind', `'a', 'b'`],
    ['jsonb', `'1', '{}'`],
  ])('of %s: whole buckets', async (type, values) => {
    await declare(type, values);
    await settle(database);
    await database.query(
      `insert into app.typed select '2026-05-01 00:10Z', key, 1 from app.typed limit 1`,
    );
    expect(await groupsOf()).toBeNull();
  });
});
