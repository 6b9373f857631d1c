import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

/** silver.first_value over rows of (value, time), as text. */
async function first(rows: string, type = 'integer'): Promise<string | null> {
  const [row] = await database.query<{ first: string | null }>(
    `select silver.first_value(value::${type}, at::timestamptz)::text as first from (values ${rows}) as r (value, at)`,
  );
  return row?.first ?? null;
}

it('is the value at the least time, whatever the order of rows', async () => {
  expect(await first(`(2, '2026-01-02Z'), (1, '2026-01-01Z'), (3, '2026-01-03Z')`)).toBe('1');
  expect(await first(`(3, '2026-01-03Z'), (2, '2026-01-02Z'), (1, '2026-01-01Z')`)).toBe('1');
});

it('leaves out rows whose time or value is null; null when none is left', async () => {
  expect(await first(`(9, null), (2, '2026-01-02Z'), (null, '2026-01-01Z')`)).toBe('2');
  expect(await first(`(9, null), (null, '2026-01-01Z')`)).toBeNull();
  const none = `select silver.first_value(1, now()) as first where false`;
  expect(await database.query(none)).toEqual([{ first: null }]);
});

it('takes infinite times like others', async () => {
  expect(await first(`(1, '2026-01-01Z'), (2, '-infinity')`)).toBe('2');
  expect(await first(`(1, '2026-01-01Z'), (2, 'infinity')`)).toBe('1');
});

it.each([
  ['integer', `('10', '2026-01-01Z'), ('9', '2026-01-01Z'), ('11', '2026-01-01Z')`, '9'],
  ['date', `('2026-02-01', '2026-01-01Z'), ('0044-03-15 BC', '2026-01-01Z')`, '0044-03-15 BC'],
  ['text', `('b', '2026-01-01Z'), ('B', '2026-01-01Z'), ('a', '2026-01-01Z')`, 'B'],
  ['integer[]', `('{9}', '2026-01-01Z'), ('{10}', '2026-01-01Z')`, '{10}'],
  ['json', `('{"a":2}', '2026-01-01Z'), ('{"a":1}', '2026-01-01Z')`, '{"a":1}'],
  ['point', `('(2,1)', '2026-01-01Z'), ('(1,2)', '2026-01-01Z')`, '(1,2)'],
])(
  'of several %s values at that time takes the least, in any order of rows',
  async (type, rows, least) => {
    expect(await first(rows, type)).toBe(least);
    expect(
      await first(
        rows
          .split(/, (?=\()/)
          .reverse()
          .join(', '),
        type,
      ),
    ).toBe(least);
  },
);

it('has a column of the type of its argument, in any GROUP BY and as a window function', async () => {
  await database.query(`create type public.reading as (level numeric, label text);
    create domain public.percent as integer check (value between 0 and 100)`);
  const [row] = await database.query(`
    select pg_typeof(silver.first_value('(1.50,"a b")'::public.reading, now()))::text as composite,
      pg_typeof(silver.first_value(7::public.percent, now()))::text as domain,
      pg_typeof(silver.first_value('{{1,2},{3,null}}'::integer[], now()))::text as "array",
      (silver.first_value('(1.50,"a b")'::public.reading, now())).level::text as level,
      silver.first_value('{{1,2},{3,null}}'::integer[], now())::text as elements`);
  expect(row).toEqual({
    composite: 'reading',
    domain: 'percent',
    array: 'integer[]',
    level: '1.50',
    elements: '{{1,2},{3,NULL}}',
  });
  const rows = await database.query(`
    select g, silver.first_value(v, at) as first, silver.first_value(v, at) filter (where v > 2) as above,
      max(silver.first_value(v, at)) over () as highest
    from (select i % 2 as g, i as v, now() + i * interval '1 s' as at from generate_series(1, 5) as i) as r
    group by rollup (g) order by g`);
  expect(rows).toEqual([
    { g: 0, first: 2, above: 4, highest: 2 },
    { g: 1, first: 1, above: 3, highest: 2 },
    { g: null, first: 1, above: 3, highest: 2 },
  ]);
});

it('gives back exactly what it was given, in any session', async () => {
  const client = await database.connect();
  for (const settings of [
    '',
    `set extra_float_digits = -5; set datestyle = 'SQL, DMY'; set timezone = 'Asia/Kolkata'`,
    `set intervalstyle = 'sql_standard'; set datestyle = 'Postgres'; set timezone = 'Australia/Sydney'`,
    `set intervalstyle = 'iso_8601'; set datestyle = 'German'; set bytea_output = 'escape'`,
  ]) {
    await client.query(settings);
    const { rows } = await client.query(`
      with given as (
        select 0.1::float8 + 0.2::float8 as d, 1::real / 3 as r, timestamptz '2026-10-25 00:30:00.123456Z' as t,
          date '2026-02-03' as day, interval '1 month -3 days 00:00:00.5' as i, '\\x00ff41'::bytea as b, E'a  \\n"' as s)
      select every_one.d = given.d and every_one.r = given.r and every_one.t = given.t and every_one.day = given.day and every_one.i::text = given.i::text
        and every_one.b = given.b and every_one.s = given.s as same
      from given, (select silver.first_value(d, t) as d, silver.first_value(r, t) as r, silver.first_value(t, t) as t,
        silver.first_value(day, t) as day, silver.first_value(i, t) as i, silver.first_value(b, t) as b,
        silver.first_value(s, t) as s from given) as every_one`);
    expect(rows, settings).toEqual([{ same: true }]);
  }
});
