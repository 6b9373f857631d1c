import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';

const database = useDatabase();

const advise = (table: string, bytes?: number) =>
  database.query<Record<string, string | number | null>>(
    `select current_interval::text, recommended_interval::text, total_bytes::int, wanted_bytes::int, rows_per_day_estimate, bytes_per_row_estimate, reason
     from silver.optimize_chunk_interval($1, $2)`,
    [table, bytes ?? null],
  );

beforeAll(async () => {
  // Thirty days of 240 rows a day and device; the hourly target has 24 × 10 of them a day.
  await database.query(
    `create table public.readings (at timestamptz not null, device integer not null, n integer); create index on public.readings (at);
     insert into public.readings
     select timestamptz '2026-01-01Z' + i * interval '6 minutes', device, i from generate_series(0, 30 * 240 - 1) i, generate_series(1, 10) device;
     select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z',
       partition_interval => '1 day');
     select silver.create_rollup_table('public.hourly', 'public', 'weekly', '7 days', start_from => '2026-01-05Z', retention_period => '10 years');`,
  );
});

it('says when there is nothing to reckon from', async () => {
  expect(await advise('public.hourly')).toMatchObject([
    { recommended_interval: '1 day', current_interval: '1 day', reason: 'no data yet' },
  ]);
  await callRollups(database, 'perform_rollup');
  expect(await advise('public.hourly')).toMatchObject([
    { reason: 'not analyzed yet: run ANALYZE first' },
  ]);
  await database.query('analyze');
});

it('recommends the widest usual interval that holds no more than wanted', async () => {
  const [{ rows_per_day_estimate: rows, bytes_per_row_estimate: bytes, total_bytes: total } = {}] =
    await advise('public.hourly');
  expect(Number(rows)).toBeGreaterThan(235);
  expect(Number(rows)).toBeLessThan(245);
  expect(Number(bytes)).toBeCloseTo(Number(total) / 7200, 5);
  const aDay = Number(rows) * Number(bytes);
  const steps = [
    [aDay * 1.2, '1 day'],
    [aDay * 6.9, '1 day'],
    [aDay * 7.1, '7 days'],
    [aDay * 31, '1 mon'],
    [aDay * 100, '3 mons'],
    [aDay * 400, '1 year'],
  ] as const;
  for (const [wanted, expected] of steps) {
    const [advice] = await advise('public.hourly', Math.ceil(wanted));
    expect([wanted / aDay, advice?.['recommended_interval']]).toEqual([wanted / aDay, expected]);
  }
});

it('by default wants a quarter of shared_buffers, at least 64 MB', async () => {
  expect(
    await database.query(
      `select wanted_bytes = greatest(67108864, pg_size_bytes(current_setting('shared_buffers')) / 4) as right_so from silver.optimize_chunk_interval('public.hourly')`,
    ),
  ).toEqual([{ right_so: true }]);
});

it('is never narrower than a bucket, nor wider than a quarter of the retention', async () => {
  expect(await advise('public.weekly', 8192)).toMatchObject([{ recommended_interval: '7 days' }]);
  await database.query(
    `update silver.timeseries_rollup_config set retention_period = '8 days' where target_table = 'public.hourly'::regclass`,
  );
  expect(await advise('public.hourly')).toMatchObject([{ recommended_interval: '1 day' }]);
});

it('advises for a source too, partitioned or not, and changes nothing', async () => {
  expect(await advise('public.readings')).toMatchObject([
    { current_interval: null, recommended_interval: expect.any(String) },
  ]);
  await database.query(
    `create table public.parted (at timestamptz not null, n integer) partition by range (at);
     create table public.parted_1 partition of public.parted for values from ('2026-01-01Z') to ('2026-01-08Z');
     create table public.parted_2 partition of public.parted for values from ('2026-01-08Z') to ('2026-01-15Z');
     create index on public.parted (at);
     insert into public.parted select timestamptz '2026-01-01Z' + i * interval '1 minute', i from generate_series(0, 20000) i;
     analyze public.parted;
     select silver.create_rollup_table('public.parted', 'public', 'parted_hourly', '1 hour', start_from => '2026-01-01Z');`,
  );
  expect(await advise('public.parted')).toMatchObject([{ current_interval: '7 days' }]);
  expect(
    await database.query(
      `select partition_interval::text as now from silver.timeseries_rollup_config where target_table = 'public.hourly'::regclass`,
    ),
  ).toEqual([{ now: '1 day' }]);
});

describe('refuses', () => {
  it.each([
    ['no.such', undefined, '42P01', 'table_name: there is no table no.such'],
    [
      'silver.migration',
      undefined,
      '22023',
      'table_name: silver.migration is neither the source nor the target of a rollup',
    ],
    ['public.hourly', 8191, '22023', 'target_bytes: 8191 is less than a page'],
    ['public.hourly', -1, '22023', 'target_bytes: -1 is less than a page'],
  ])('%s with %s', async (table, bytes, code, message) => {
    await expect(advise(table, bytes)).rejects.toMatchObject({ code, message });
  });
});
