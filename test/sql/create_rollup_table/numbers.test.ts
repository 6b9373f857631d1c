import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

/** Name, type, two values of one hour that show what would be lost, and what a rollup of them must say: sum, average, their types. */
const types = [
  ['small', 'smallint', '32767', '32766', '65533', '32766.500000000000', 'bigint', 'numeric'],
  [
    'whole',
    'integer',
    '2147483647',
    '2147483646',
    '4294967293',
    '2147483646.500000000000',
    'bigint',
    'numeric',
  ],
  [
    'big',
    'bigint',
    '9223372036854775807',
    '9223372036854775806',
    '18446744073709551613',
    '9223372036854775806.5',
    'numeric',
    'numeric',
  ],
  [
    'exact',
    'numeric(30,4)',
    '12345678901234567890.1234',
    '0.0001',
    '12345678901234567890.1235',
    '6172839450617283945.06175',
    'numeric',
    'numeric',
  ],
  [
    'free',
    'numeric',
    '1e-20',
    '1',
    '1.00000000000000000001',
    '0.500000000000000000005',
    'numeric',
    'numeric',
  ],
  [
    'single',
    'real',
    '16777216',
    '1',
    '16777217',
    '8388608.5',
    'double precision',
    'double precision',
  ],
  [
    'double',
    'double precision',
    '0.5',
    '0.25',
    '0.75',
    '0.375',
    'double precision',
    'double precision',
  ],
  ['price', 'money', '$0.10', '$0.25', '$0.35', '0.175', 'money', 'numeric'],
  ['span', 'interval', '1 hour', '30 minutes', '01:30:00', '00:45:00', 'interval', 'interval'],
  ['limited', 'percentage', '99', '2', '101', '50.5', 'bigint', 'numeric'],
] as const;

describe('a column of every numeric type', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await database.query(`set lc_monetary = 'C';
      create schema app; create domain percentage as integer check (value between 0 and 100);
      create table app.numbers (at timestamptz not null, ${types.map(([name, type]) => `${name} ${type}`).join(', ')});
      insert into app.numbers values ('2026-01-01 00:10Z', ${types.map((type) => `'${type[2]}'`).join(', ')});
      insert into app.numbers values ('2026-01-01 00:20Z', ${types.map((type) => `'${type[3]}'`).join(', ')});
      insert into app.numbers (at) values ('2026-01-01 00:30Z'), ('2026-01-01 01:30Z');
      select silver.create_rollup_table('app.numbers', 'app', 'hourly', '1 hour', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2026-01-01Z');`);
    await settle(database);
  });

  it.each(types)(
    '%s: %s',
    async (name, type, first, second, sum, average, sumType, averageType) => {
      for (const relation of ['app.hourly', 'app.hourly_live', 'app.daily', 'app.daily_live']) {
        expect(
          await database.query(
            `select min_${name} = least($1::${type}, $2::${type}) as least, max_${name} = greatest($1::${type}, $2::${type}) as greatest,
             sum_${name} = $3::${sumType} as sum, round(avg_${name}::text::numeric, 6) = round($4::numeric, 6) as average, count_${name}::int as count,
             pg_typeof(sum_${name})::text as "sumType", pg_typeof(avg_${name})::text as "averageType"
           from ${relation} where timestamp = '2026-01-01Z'`.replace(
              'avg_span::text::numeric',
              'extract(epoch from avg_span)',
            ),
            [first, second, sum, name === 'span' ? '2700' : average],
          ),
          relation,
        ).toEqual([
          { least: true, greatest: true, sum: true, average: true, count: 2, sumType, averageType },
        ]);
      }
    },
  );

  it('a group without a value has a count of 0, and null for the rest', async () => {
    const nothing = types.map(
      ([name]) =>
        `count_${name} = 0 and num_nonnulls(min_${name}, max_${name}, sum_${name}, avg_${name}) = 0`,
    );
    expect(
      await database.query(
        `select row_count::int, ${nothing.join(' and ')} as nothing from app.hourly where timestamp = '2026-01-01 01:00Z'`,
      ),
    ).toEqual([{ row_count: 1, nothing: true }]);
  });

  it('NaN and the infinities are values like others', async () => {
    await database.query(`create table app.odd (at timestamptz, f double precision, n numeric);
      insert into app.odd values ('2026-01-01Z', 'NaN', 'NaN'), ('2026-01-01Z', 1, 1), ('2026-01-02Z', 'Infinity', 'Infinity'), ('2026-01-02Z', 1, 1);
      select silver.create_rollup_table('app.odd', 'app', 'odd_daily', '1 day', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(
      await database.query(
        `select min_f, max_f, sum_f, min_n::text, max_n::text, sum_n::text, avg_n::text from app.odd_daily order by timestamp`,
      ),
    ).toEqual([
      { min_f: 1, max_f: NaN, sum_f: NaN, min_n: '1', max_n: 'NaN', sum_n: 'NaN', avg_n: 'NaN' },
      {
        min_f: 1,
        max_f: Infinity,
        sum_f: Infinity,
        min_n: '1',
        max_n: 'Infinity',
        sum_n: 'Infinity',
        avg_n: 'Infinity',
      },
    ]);
    await database.query(`select silver.invalidate('app.odd')`);
    await settle(database);
    expect(
      await database.query(
        `select rows_updated::int as n from silver.timeseries_refresh_log order by refresh_id desc limit 1`,
      ),
    ).toEqual([{ n: 0 }]);
  });

  it('an average of a coarser level is sum by count, never an average of averages', async () => {
    await database.query(`create table app.uneven (at timestamptz, n integer);
      insert into app.uneven select '2026-01-01Z'::timestamptz + i * interval '1 second', 0 from generate_series(1, 99) i;
      insert into app.uneven values ('2026-01-01 05:00Z', 100);
      select silver.create_rollup_table('app.uneven', 'app', 'uneven_hourly', '1 hour', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.uneven_hourly', 'app', 'uneven_daily', '1 day', start_from => '2026-01-01Z')`);
    await settle(database);
    expect(await database.query(`select avg_n::float from app.uneven_daily`)).toEqual([
      { avg_n: 1 },
    ]);
  });
});
