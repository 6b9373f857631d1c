import fc, { type Arbitrary } from 'fast-check';

/** A value of a call as SQL text would have it, cast to the argument's type by the server; null is null. */
export type HostileValue = string | null;

/** Tables of the test's database, some as they are to be written, some not. */
const tableNames = [
  'app.readings',
  'app.hourly',
  'app.daily',
  'app.hourly_live',
  'app."Odd; drop table ""x"""',
  'app."Select"',
  'app.Select',
  'app.a_view',
  'app.an_index',
  'app.a_sequence',
  'app.unlogged',
  'pg_catalog.pg_class',
  'silver.timeseries_chunk',
  'information_schema.tables',
];

const columnNames = [
  'at',
  'device',
  'value',
  'note',
  'payload',
  'Odd "Column"; --',
  'select',
  'ctid',
];

const hostileTexts = [
  '',
  ' ',
  '.',
  '"',
  '""',
  '"unclosed',
  'a.b.c.d',
  "'; drop table app.readings; --",
  '"; drop table app.readings; --',
  'app.readings; select 1',
  '$$',
  '$1',
  '%s %I %L %',
  '{}',
  '\\',
  '\n',
  'ünïcödé-✓-🜚',
  'null',
  'public',
  'app',
  'silver',
  'pg_temp',
  'UTC',
  'Europe/Berlin',
  'Europe/Atlantis',
  '-1',
  '0',
  '99999999999999999999',
  'é'.repeat(40),
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(5000),
];

const texts = fc.oneof(
  fc.constantFrom(...tableNames),
  fc.constantFrom(...columnNames),
  fc.constantFrom(...hostileTexts),
  // PostgreSQL's text knows no NUL, and no half of a surrogate pair.
  fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => text.replaceAll('\0', '')),
);

const intervals = fc.oneof(
  fc.constantFrom(
    '0',
    '1 microsecond',
    '0.3 s',
    '1 hour',
    '-1 hour',
    '1 day',
    '7 days 3 hours',
    '1 month',
    '-1 month',
    '1 month 1 day',
    '1 month -1 day',
    '1 year',
    '1000 years',
    '1001 years',
    '-178000000 years',
    '178000000 years',
    '2147483647 days',
    '2562047788:00:54.775807',
  ),
  fc
    .tuple(
      fc.integer({ min: -30, max: 30 }),
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -1e9, max: 1e9 }),
    )
    .map(([months, days, micros]) => `${months} months ${days} days ${micros} microseconds`),
);

const infiniteIntervals = fc.constantFrom('infinity', '-infinity');

const instants = fc.oneof(
  fc.constantFrom(
    'infinity',
    '-infinity',
    '4713-01-01 00:00:00+00 BC',
    '0001-01-01 00:00:00+00 BC',
    '294276-12-31 23:59:59.999999+00',
    '1969-12-31 23:59:59.999999+00',
    'epoch',
    'now',
  ),
  fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);

const integers = fc.oneof(
  fc.constantFrom(0, 1, -1, 1000, 1001, 2_147_483_647, -2_147_483_648),
  fc.integer(),
);

const bigints = fc.oneof(
  fc.constantFrom('0', '1', '-1', '9223372036854775807', '-9223372036854775808'),
  integers.map(String),
);

const names = fc.oneof(
  fc.constantFrom(...columnNames),
  fc.constantFrom('', 'x'.repeat(70), 'missing'),
);

const textArrays = fc.array(fc.option(names, { freq: 6 }), { maxLength: 4 }).map(arrayText);

/** Hostile values of a type, null among them. infinity: whether the server knows infinite intervals (PostgreSQL 17). */
export function hostileValues(type: string, infinity: boolean): Arbitrary<HostileValue> {
  return fc.option(valuesOf(type, infinity), { freq: 8, nil: null });
}

function valuesOf(type: string, infinity: boolean): Arbitrary<string> {
  switch (type) {
    case 'text':
    case 'name':
      return texts;
    case 'interval':
      return infinity
        ? fc.oneof({ weight: 5, arbitrary: intervals }, infiniteIntervals)
        : intervals;
    case 'timestamptz':
      return instants;
    case 'integer':
      return integers.map(String);
    case 'bigint':
      return bigints;
    case 'boolean':
      return fc.constantFrom('true', 'false');
    case 'text[]':
      return textArrays;
    case 'double precision':
      return fc.oneof(fc.constantFrom('NaN', 'Infinity', '-Infinity', '0', '-1'), bigints);
    case 'regclass':
      return fc.constantFrom('app.readings', 'app.hourly', '0', '4294967295');
    case 'silver.timeseries_chunk':
      // Read as json, so that a column more changes nothing.
      return fc.constantFrom(
        '{"chunk_id": 1, "rollup_id": 1, "ranges": "{[2026-01-01,2026-01-02)}", "buckets": 1, "reason": "forward"}',
        '{}',
      );
    default:
      throw new Error(`no hostile values of the type ${type}: add some`);
  }
}

function arrayText(elements: readonly (string | null)[]): string {
  const written = elements.map((element) =>
    element === null ? 'null' : `"${element.replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${written.join(',')}}`;
}
