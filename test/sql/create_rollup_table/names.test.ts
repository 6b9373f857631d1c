import { beforeAll, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query('create schema app');
});

it.each([
  ['a name over 63 bytes', `${'x'.repeat(60)} integer`, `min_${'x'.repeat(60)} of 64 bytes`],
  ['in bytes, not characters', `"${'é'.repeat(31)}" integer`, 'of 66 bytes'],
  ['a dimension called as the time column of targets', 'timestamp text', '"timestamp" twice'],
  ['a value called row_count', 'row_count text', 'row_count twice'],
  ['two metrics that meet', 'x integer, min_x text', 'min_x twice'],
  [
    'a name that the stored statements use',
    'silver_tuple text',
    'silver_tuple, a name Silver uses itself',
  ],
])('clash: %s is refused, and excluded it is not', async (_name, columns, problem) => {
  await database.query(
    `drop table if exists app.clashing cascade; create table app.clashing (at timestamptz not null, ok integer, ${columns})`,
  );
  await expect(
    database.query(`select silver.create_rollup_table('app.clashing', 'app', 'clash', '1 hour')`),
  ).rejects.toMatchObject({
    code: '42701',
    message: expect.stringContaining(problem),
    hint: expect.stringContaining('exclude'),
  });
  await database.query(`select silver.create_rollup_table('app.clashing', 'app', 'clash', '1 hour',
    exclude => (select array_agg(attname) from pg_attribute where attrelid = 'app.clashing'::regclass and attnum > 2));
    select silver.drop_rollup('app.clash', true)`);
});

it('more columns than a table can have are refused', async () => {
  await database.query(
    `do $$ begin execute (select format('create table app.wide (at timestamptz not null, %s)', string_agg(format('c%s integer', i), ', ')) from generate_series(1, 330) i); end $$`,
  );
  await expect(
    database.query(`select silver.create_rollup_table('app.wide', 'app', 'made', '1 hour')`),
  ).rejects.toMatchObject({ code: '54011', hint: expect.stringContaining('exclude') });
  await expect(
    database.query(
      `select silver.create_rollup_table('app.wide', 'app', 'made', '1 hour', dimensions => (select array_agg('c' || i) from generate_series(1, 32) i), exclude => (select array_agg('c' || i) from generate_series(33, 330) i))`,
    ),
  ).rejects.toMatchObject({
    code: '54011',
    message: expect.stringContaining('dimensions: 32 columns'),
  });
});

it('two targets of names as long as can be keep their partitions and live views apart', async () => {
  await database.query(
    `create table app.readings (at timestamptz not null, value integer); insert into app.readings values ('2026-01-01Z', 1), ('2026-03-01Z', 2)`,
  );
  for (const name of [
    `${'a'.repeat(62)}1`,
    `${'a'.repeat(62)}2`,
    `${'é'.repeat(30)}1`,
    `${'é'.repeat(30)}2`,
  ]) {
    await database.query(
      `select silver.create_rollup_table('app.readings', 'app', $1, '1 hour', start_from => '2026-01-01Z')`,
      [name],
    );
  }
  await settle(database);
  const views = await database.query<{ view: string }>(
    `select silver.live_name(target_table) as view from silver.timeseries_rollup_config`,
  );
  expect(new Set(views.map(({ view }) => view)).size).toBe(4);
  for (const { view } of views) {
    expect(await database.query(`select sum(sum_value)::int as sum from ${view}`)).toEqual([
      { sum: 3 },
    ]);
  }
  expect(
    await database.query(
      `select count(*)::int as n, max(octet_length(relname)) <= 63 as fits from pg_class where relispartition and relnamespace = 'app'::regnamespace and relname ~ '_p20260[13]01$' and relkind = 'r'`,
    ),
  ).toEqual([{ n: 8, fits: true }]);
});
