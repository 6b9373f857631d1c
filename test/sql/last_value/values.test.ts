import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

/** silver.last_value over rows of (value, time), as text. */
async function last(rows: string, type = 'integer'): Promise<string | null> {
  const [row] = await database.query<{ last: string | null }>(
    `select silver.last_value(value::${type}, at::timestamptz)::text as last from (values ${rows}) as r (value, at)`,
  );
  return row?.last ?? null;
}

it('is the value at the greatest time, whatever the order of rows', async () => {
  expect(await last(`(2, '2026-01-02Z'), (1, '2026-01-01Z'), (3, '2026-01-03Z')`)).toBe('3');
  expect(await last(`(3, '2026-01-03Z'), (2, '2026-01-02Z'), (1, '2026-01-01Z')`)).toBe('3');
});

it('leaves out rows whose time or value is null; null when none is left', async () => {
  expect(await last(`(9, null), (2, '2026-01-02Z'), (null, '2026-01-03Z')`)).toBe('2');
  expect(await last(`(9, null), (null, '2026-01-01Z')`)).toBeNull();
  const none = `select silver.last_value(1, now()) as last where false`;
  expect(await database.query(none)).toEqual([{ last: null }]);
});

it('takes infinite times like others', async () => {
  expect(await last(`(1, '2026-01-01Z'), (2, '-infinity')`)).toBe('1');
  expect(await last(`(1, '2026-01-01Z'), (2, 'infinity')`)).toBe('2');
});

it.each([
  ['integer', `('10', '2026-01-01Z'), ('9', '2026-01-01Z'), ('11', '2026-01-01Z')`, '11'],
  ['date', `('2026-02-01', '2026-01-01Z'), ('0044-03-15 BC', '2026-01-01Z')`, '2026-02-01'],
  ['text', `('b', '2026-01-01Z'), ('B', '2026-01-01Z'), ('a', '2026-01-01Z')`, 'b'],
  ['integer[]', `('{9}', '2026-01-01Z'), ('{10}', '2026-01-01Z')`, '{9}'],
  ['json', `('{"a":2}', '2026-01-01Z'), ('{"a":1}', '2026-01-01Z')`, '{"a":2}'],
  ['point', `('(2,1)', '2026-01-01Z'), ('(1,2)', '2026-01-01Z')`, '(2,1)'],
])(
  'of several %s values at that time takes the greatest, in any order of rows',
  async (type, rows, greatest) => {
    expect(await last(rows, type)).toBe(greatest);
    expect(
      await last(
        rows
          .split(/, (?=\()/)
          .reverse()
          .join(', '),
        type,
      ),
    ).toBe(greatest);
  },
);

it('has a column of the type of its argument, in any GROUP BY and as a window function', async () => {
  await database.query(`create type public.reading as (level numeric, label text);
    create domain public.percent as integer check (value between 0 and 100)`);
  const [row] = await database.query(`
    select pg_typeof(silver.last_value('(1.50,"a b")'::public.reading, now()))::text as composite,
      pg_typeof(silver.last_value(7::public.percent, now()))::text as domain,
      pg_typeof(silver.last_value('{{1,2},{3,null}}'::integer[], now()))::text as "array",
      (silver.last_value('(1.50,"a b")'::public.reading, now())).level::text as level,
      silver.last_value('{{1,2},{3,null}}'::integer[], now())::text as elements`);
  expect(row).toEqual({
    composite: 'reading',
    domain: 'percent',
    array: 'integer[]',
    level: '1.50',
    elements: '{{1,2},{3,NULL}}',
  });
  const rows = await database.query(`
    select g, silver.last_value(v, at) as last, silver.last_value(v, at) filter (where v > 2) as above,
      max(silver.last_value(v, at)) over () as highest
    from (select i % 2 as g, i as v, now() + i * interval '1 s' as at from generate_series(1, 5) as i) as r
    group by rollup (g) order by g`);
  expect(rows).toEqual([
    { g: 0, last: 4, above: 4, highest: 5 },
    { g: 1, last: 5, above: 5, highest: 5 },
    { g: null, last: 5, above: 5, highest: 5 },
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
      from given, (select silver.last_value(d, t) as d, silver.last_value(r, t) as r, silver.last_value(t, t) as t,
        silver.last_value(day, t) as day, silver.last_value(i, t) as i, silver.last_value(b, t) as b,
        silver.last_value(s, t) as s from given) as every_one`);
    expect(rows, settings).toEqual([{ same: true }]);
  }
});
