import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();
// Roles belong to the server, which other tests use too.
const role = (name: string) => `silver_test_${name}_${suffix}`;
const suffix = randomBytes(4).toString('hex');
const roles = ['owner', 'reader', 'writer', 'narrow'].map(role);

beforeAll(async () => {
  await database.query(`create schema app; ${roles.map((name) => `create role ${name};`).join(' ')}
    grant create, usage on schema app to ${role('owner')};
    create table app.readings (at timestamptz not null, device text collate "C" not null, site text, value double precision);
    create index on app.readings (at); create index on app.readings (device, at desc); create index on app.readings (site, device) include (value);
    create index on app.readings (value); create index on app.readings (lower(device)); create index on app.readings (device) where value > 1;
    create index on app.readings using hash (device);
    comment on table app.readings is 'What the devices said; it''s raw.';
    comment on column app.readings.value is 'Degrees.'; comment on column app.readings.site is 'Where it stands.';
    insert into silver.timeseries_dimension_config (source_table, dimension_column, description)
    values ('app.readings', 'device', 'The device''s number'), ('app.readings', 'site', null);
    alter table app.readings owner to ${role('owner')};
    grant select on app.readings to ${role('reader')}; grant select (at, device, value) on app.readings to ${role('narrow')}; grant insert, update on app.readings to ${role('writer')};
    insert into app.readings select '2026-01-01Z'::timestamptz + n * interval '20 days', 'd', 's', n from generate_series(0, 3) n;
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2026-01-01Z', retention_period => '10 years');
    select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2026-01-01Z', partition_interval => '0');`);
  await settle(database);
});
afterAll(async () => {
  await database.query(
    `drop schema app cascade; ${roles.map((name) => `drop owned by ${name}; drop role ${name};`).join(' ')}`,
  );
});

it('range partitions, whose names sort as their time does', async () => {
  const partitions = await database.query<{ name: string; lower: string }>(
    `select relname as name, split_part(pg_get_expr(relpartbound, oid), '''', 2) as lower from pg_class where relispartition and relkind = 'r' and relname like 'hourly%' order by relname`,
  );
  expect(partitions.length).toBeGreaterThan(2);
  expect(partitions.map(({ lower }) => lower)).toEqual(
    partitions.map(({ lower }) => lower).toSorted(),
  );
  expect(partitions[0]?.name).toBe('hourly_p20260101');
  expect(
    await database.query(`select relkind::text from pg_class where oid = 'app.daily'::regclass`),
  ).toEqual([{ relkind: 'r' }]);
});

it('the source’s indexes that begin with a dimension', async () => {
  const indexes = (target: string) =>
    database.query(
      `select substring(pg_get_indexdef(indexrelid) from '\\(.*') as columns, indisprimary as key from pg_index where indrelid = '${target}'::regclass order by 1`,
    );
  const expected = [
    { columns: '("timestamp", device, site) NULLS NOT DISTINCT', key: false },
    { columns: '(device, "timestamp")', key: false },
    { columns: '(site, device)', key: false },
  ];
  expect(await indexes('app.hourly')).toEqual(expected);
  expect(await indexes('app.daily')).toEqual(expected);
});

it('comments, of a child’s columns too', async () => {
  const comments = (target: string) =>
    database.query<{ name: string; comment: string }>(
      `select attname as name, col_description(attrelid, attnum) as comment from pg_attribute where attrelid = '${target}'::regclass and attnum > 0 order by attnum`,
    );
  const [said] = await database.query<{ text: string }>(
    `select obj_description('app.hourly'::regclass) as text`,
  );
  expect(said?.text).toBe(
    "app.readings by 01:00:00 in UTC, kept by Silver. What the devices said; it's raw.",
  );
  const hourly = Object.fromEntries(
    (await comments('app.hourly')).map(({ name, comment }) => [name, comment]),
  );
  expect(hourly).toMatchObject({
    timestamp: 'Start of the bucket.',
    device: "The device's number",
    site: 'Where it stands.',
    row_count: 'Rows of app.readings in the group.',
    min_value: 'Least value. Degrees.',
    avg_value: 'Average value. Degrees.',
  });
  const daily = Object.fromEntries(
    (await comments('app.daily')).map(({ name, comment }) => [name, comment]),
  );
  expect(daily).toMatchObject({
    device: hourly['device'],
    max_value: hourly['max_value'],
    row_count: 'Rows of app.hourly in the group.',
  });
});

it('a text dimension’s collation', async () => {
  expect(
    await database.query(
      `select attname, collname from pg_attribute a join pg_collation c on c.oid = a.attcollation where attrelid in ('app.hourly'::regclass, 'app.daily'::regclass) and attname = 'device'`,
    ),
  ).toEqual([
    { attname: 'device', collname: 'C' },
    { attname: 'device', collname: 'C' },
  ]);
});

describe('owner and grants', () => {
  it('the source’s owner owns the target, its partitions to come too', async () => {
    expect(
      await database.query(
        `select distinct pg_get_userbyid(relowner)::text as owner from pg_class where relname like 'hourly\\_p%' or oid in ('app.hourly'::regclass, 'app.daily'::regclass)`,
      ),
    ).toEqual([{ owner: role('owner') }]);
  });

  it('who may read the source may read the target and its live view, and nobody may write', async () => {
    expect(
      await database.query(
        `select relation, grantee, string_agg(privilege, ',') as privileges
        from unnest(array['app.hourly', 'app.hourly_live', 'app.daily_live']) as relation, unnest($1::text[]) as grantee,
          unnest('{select,insert,update,delete,truncate}'::text[]) privilege
        where has_table_privilege(grantee, relation, privilege) group by 1, 2 order by 1, 2`,
        [[role('reader'), role('writer')]],
      ),
    ).toEqual(
      ['app.daily_live', 'app.hourly', 'app.hourly_live'].map((relation) => ({
        relation,
        grantee: role('reader'),
        privileges: 'select',
      })),
    );
    const reader = await database.connect();
    await reader.query(`set role ${role('reader')}`);
    await expect(reader.query('select count(*) from app.hourly_live')).rejects.toMatchObject({
      code: '42501',
    }); // The schema, which is theirs to grant.
    await database.query(`grant usage on schema app to ${role('reader')}`);
    expect(
      (await reader.query('select sum(row_count)::int as n from app.hourly_live')).rows,
    ).toEqual([{ n: 4 }]);
    expect(
      (await reader.query('select sum(row_count)::int as n from app.daily_live')).rows,
    ).toEqual([{ n: 4 }]);
    await expect(reader.query('delete from app.hourly')).rejects.toMatchObject({ code: '42501' });
  });

  it('who may read single columns of the source may read what is computed from these and no more, through columns added later too', async () => {
    const readable = async (relation: string) =>
      (
        await database.query<{ name: string }>(
          `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
           and has_column_privilege($2::text, attrelid, attnum, 'select') order by attnum`,
          [relation, role('narrow')],
        )
      ).map(({ name }) => name);
    const relations = ['app.hourly', 'app.hourly_live', 'app.daily', 'app.daily_live'];
    const ofValue = ['min_value', 'max_value', 'avg_value', 'sum_value', 'count_value'];
    const expected = ['timestamp', 'device', 'row_count', ...ofValue];
    for (const relation of relations) {
      expect([relation, await readable(relation)]).toEqual([relation, expected]);
    }
    const reader = await database.connect();
    await database.query(`grant usage on schema app to ${role('narrow')}`);
    await reader.query(`set role ${role('narrow')}`);
    const seen = await reader.query(
      'select sum(row_count)::int as n, max(max_value) as max from app.daily_live',
    );
    expect(seen.rows).toEqual([{ n: 4, max: 3 }]);
    for (const relation of relations) {
      await expect(reader.query(`select site from ${relation}`)).rejects.toMatchObject({
        code: '42501',
      });
    }
    await database.query(`alter table app.readings add column more integer, add column secret integer; grant select (more) on app.readings to ${role('narrow')};
      select silver.sync_rollup('app.hourly')`);
    const ofMore = ofValue.map((name) => name.replace('value', 'more'));
    for (const relation of relations) {
      expect([relation, await readable(relation)]).toEqual([relation, [...expected, ...ofMore]]);
    }
  });

  it('retention is carried out on it', async () => {
    await database.query(
      `update silver.timeseries_rollup_config set retention_period = '1 day' where target_table = 'app.hourly'::regclass; select silver.apply_retention('app.hourly')`,
    );
    expect(await database.query(`select count(*)::int as n from app.hourly`)).toEqual([{ n: 0 }]);
  });
});
