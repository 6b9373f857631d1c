import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

const explain = async (target: string) =>
  (
    await database.query<{ line: string }>(`select line from silver.explain_rollup($1) as line`, [
      target,
    ])
  )
    .map(({ line }) => line)
    .join('\n');

beforeAll(async () => {
  await database.query(`create schema app;
    create table app.readings (at timestamp not null, device text, value double precision, word text, payload jsonb);
    create index on app.readings (at);
    insert into app.readings select '2026-01-01'::timestamp + n * interval '1 minute', 'd' || n % 3, n, 'w', '{}' from generate_series(1, 3000) n;
    analyze app.readings;
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z', time_zone => 'UTC');
    select silver.create_rollup_table('app.hourly', 'app', 'monthly', '1 month', dimensions => '{}', bucket_time_zone => 'Europe/Berlin', start_from => '2026-01-01Z')`);
});

it('before anything is computed: the plan of the first chunk there is to compute', async () => {
  expect(await explain('app.hourly')).toMatch(
    /\nplan of fill for \["2026-01-01 00:00:00\+00","2026-01-01 01:00:00\+00"\)\n.*\n/,
  );
});

describe('afterwards', () => {
  beforeAll(() => settle(database));

  it('says what is read and how', async () => {
    expect(await explain('app.hourly')).toMatch(
      /^app.hourly: app.readings by 01:00:00 in UTC, from 2026-01-01 00:00:00\+00 on\ntime: at in UTC; mode: track; a bucket falls due 01:00:00 after its end\n/,
    );
    expect(await explain('app.monthly')).toMatch(
      /^app.monthly: app.readings by 1 mon in Europe\/Berlin, .*\ndeclared on app.hourly, from which not every column composes\n/,
    );
  });

  it('says of every column what it is, how exact, and whether it composes', async () => {
    const text = await explain('app.hourly');
    const columns = await database.query<{ name: string }>(
      `select quote_ident(column_name) as name from silver.timeseries_rollup_column where rollup_id = 1`,
    );
    for (const { name } of columns) {
      expect(text).toMatch(new RegExp(`^  ${name} *: [^;]+; [^;]+; .*compose`, 'm'));
    }
    expect(text).toContain(
      'avg_value    : sum by count of value; exact to 1e-12, as sums of floating-point numbers depend on their order; composes by sum and count',
    );
    expect(text).toContain('row_count    : source rows; exact; composes');
  });

  it('shows the stored statements as they are', async () => {
    const text = await explain('app.hourly');
    const [stored] = await database.query<{ fill: string; refresh: string }>(
      `select fill, refresh from silver.timeseries_rollup_statement where rollup_id = 1`,
    );
    const indented = (statement = '') => statement.replaceAll(/^/gm, '  ');
    expect(text).toContain(`fill, where the target is empty\n${indented(stored?.fill)}\n`);
    expect(text).toContain(
      `refresh, where it is not: writes only what differs\n${indented(stored?.refresh)}\n`,
    );
  });

  it('and the plan of a real chunk, under its settings: by the index, without a sort where there need be none', async () => {
    const [, plan = ''] = (await explain('app.hourly')).split('\nplan of ');
    expect(plan).toMatch(/^refresh for \["2026-01/);
    expect(plan).toMatch(/readings_at_idx|Scan on readings/);
    expect(plan).toMatch(/Full Join/);
    // A calendar's bucket starts are passed along.
    expect(await explain('app.monthly')).toMatch(/\nplan of refresh for .*\n.*Result/);
  });

  it('computes nothing', async () => {
    const before = await database.query(
      `select md5(string_agg(h::text || xmin, '')) as rows, (select count(*) from silver.timeseries_refresh_log) as log from app.hourly h`,
    );
    await explain('app.hourly');
    expect(
      await database.query(
        `select md5(string_agg(h::text || xmin, '')) as rows, (select count(*) from silver.timeseries_refresh_log) as log from app.hourly h`,
      ),
    ).toEqual(before);
  });

  it('says so where the source changed shape', async () => {
    await database.query(`alter table app.readings rename column value to amount`);
    const text = await explain('app.hourly');
    expect(text).toContain(
      `\nthe source changed shape since: SELECT * FROM silver.sync_rollup('app.hourly');\n`,
    );
    expect(text).toMatch(/\n {2}none: column .*value does not exist/);
  });
});

it.each([
  ['app.nothing', '42P01'],
  ['app.readings', '22023'],
])('refuses %s', async (target, code) => {
  await expect(explain(target)).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/) });
});
