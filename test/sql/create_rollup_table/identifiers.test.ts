import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

/** Names that go wrong where SQL is put together without quoting; each is used for a schema, tables and columns. */
const names = [
  'Mixed Case',
  'select',
  'user',
  'semi;colon',
  `quote"d`,
  `apos'trophe`,
  `"); drop table bystander; --`,
  `'); drop table bystander; --`,
  'back\\slash',
  'per%cent %s %I %L %1$s',
  '$1',
  '$$',
  '$body$',
  '$function$',
  '{brace,comma}',
  '1st',
  'a.b',
  'tab\tnew\nline',
  'ünïcödé ✓ 数',
  'f',
];

describe.each(names)('%j as a schema, source, target, column', (name) => {
  const database = useDatabase();
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const literal = (text: string) =>
    `'${text.replaceAll("'", "''")}'`.replace(/^(?=.*\\)/s, 'E').replaceAll('\\', '\\\\');
  const time = `"${name.replaceAll('"', '""')} at"`;
  const dimension = `"${name.replaceAll('"', '""')} key"`;

  it('is rolled up, tracked, read live, followed, explained, verified and dropped', async () => {
    await database.query(`create table public.bystander (); create schema ${quoted};
      create table ${quoted}.${quoted} (${time} timestamptz not null, ${dimension} text, ${quoted} integer, "${name.replaceAll('"', '""')} doc" jsonb, "${name.replaceAll('"', '""')} word" text)
        partition by range (${time});
      create table ${quoted}."${name.replaceAll('"', '""')} leaf" partition of ${quoted}.${quoted} default;
      create index on ${quoted}.${quoted} (${time}); create index on ${quoted}.${quoted} (${dimension}, ${time});
      comment on column ${quoted}.${quoted}.${quoted} is ${literal(name)};
      insert into ${quoted}.${quoted} values ('2026-01-01 00:10Z', ${literal(name)}, 1, '1', ${literal(name)}), ('2026-01-01 00:20Z', ${literal(name)}, 2, '2', 'b'),
        ('2026-01-01 03:00Z', null, 3, '3', null);`);
    const source = `${quoted}.${quoted}`;
    const hourly = `${quoted}."${name.replaceAll('"', '""')} hourly"`;
    const daily = `${quoted}."${name.replaceAll('"', '""')} daily"`;
    await database.query(
      `select silver.create_rollup_table($1, $2, $3, '1 hour', dimensions => array[$4], first_last => array[$5], time_column => $6, start_from => '2026-01-01Z')`,
      [source, name, `${name} hourly`, `${name} key`, name, `${name} at`],
    );
    await database.query(
      `select silver.create_rollup_table($1, $2, $3, '1 day', dimensions => '{}', start_from => '2026-01-01Z', bucket_time_zone => 'Etc/GMT+1')`,
      [hourly, name, `${name} daily`],
    );
    await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
    await settle(database);
    const sums = (relation: string) =>
      database.query(
        `select sum("${`sum_${name}`.replaceAll('"', '""')}")::int as sum, sum(row_count)::int as n from ${relation}`,
      );
    const [live] = await database.query<{ hourly: string; daily: string }>(
      `select max(silver.live_name(target_table)) filter (where source_table = $1::regclass) as hourly, max(silver.live_name(target_table)) filter (where source_table = $2::regclass) as daily
       from silver.timeseries_rollup_config`,
      [source, hourly],
    );
    for (const relation of [hourly, daily, live?.hourly, live?.daily]) {
      expect(await sums(relation ?? ''), relation).toEqual([{ sum: 6, n: 3 }]);
    }
    // Tracked: at once in the live views, through the partition too, and after an update that moves the time.
    await database.query(`insert into ${quoted}."${name.replaceAll('"', '""')} leaf" values ('2026-01-01 00:30Z', 'x', 10, '4', 'c');
      update ${source} set ${time} = '2026-01-02 00:00Z' where ${quoted} = 3`);
    expect(await sums(live?.daily ?? '')).toEqual([{ sum: 16, n: 4 }]);
    await settle(database);
    expect(await sums(daily)).toEqual([{ sum: 16, n: 4 }]);
    // Followed, explained, verified.
    await database.query(
      `alter table ${source} add column "${name.replaceAll('"', '""')} more" integer default 1; alter table ${source} rename column ${quoted} to "renamed; ""it"""`,
    );
    expect(
      (await database.query('select change from silver.sync_rollup($1)', [hourly])).length,
    ).toBeGreaterThan(10);
    await settle(database);
    for (const target of [hourly, daily]) {
      expect(await database.query('select * from silver.verify_rollup($1)', [target])).toEqual([]);
      expect(
        (await database.query('select * from silver.explain_rollup($1)', [target])).length,
      ).toBeGreaterThan(20);
    }
    expect(await sums(daily)).toEqual([{ sum: 16, n: 4 }]);
    expect(
      await database.query(
        `select severity, message from silver.validate_rollup_config() where severity = 'error'`,
      ),
    ).toEqual([]);
    await database.query('select silver.drop_rollup($1, true)', [daily]);
    await database.query('select silver.drop_rollup($1, true)', [hourly]);
    expect(
      await database.query(
        `select count(*)::int as n from pg_trigger where tgname ~ '^(zzz_)?silver_'`,
      ),
    ).toEqual([{ n: 0 }]);
    expect(await database.query(`select 1 as n from public.bystander`)).toEqual([]);
  });
});
