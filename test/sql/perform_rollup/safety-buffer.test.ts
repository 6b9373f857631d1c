import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query(
    `create table public.ticks (at timestamptz not null, n integer); create index on public.ticks (at);`,
  );
});

const declare = (name: string, width: string, more = '') =>
  database.query(
    `select silver.create_rollup_table('public.ticks', 'public', $1, $2::interval, start_from => now() - interval '1 day' ${more})`,
    [name, width],
  );

describe('the default is the first table of the specification', () => {
  it.each([
    ['half_second', '0.5 seconds', '00:00:30'],
    ['second', '1 second', '00:00:30'],
    ['ten_seconds', '10 seconds', '00:01:00'],
    ['minute', '1 minute', '00:01:00'],
    ['quarter', '15 minutes', '00:15:00'],
    ['hour', '1 hour', '01:00:00'],
    ['day', '1 day', '1 day'],
    ['month', '1 month', '1 mon'],
  ])('%s', async (name, width, buffer) => {
    await declare(name, width);
    const found = await database.query(
      `select safety_buffer::text from silver.timeseries_rollup_config where target_table = $1::regclass`,
      [`public.${name}`],
    );
    expect(found).toEqual([{ safety_buffer: buffer }]);
  });
});

it('a child has none: it waits for its parent anyway', async () => {
  await database.query(
    `select silver.create_rollup_table('public.minute', 'public', 'minute_hourly', '1 hour', start_from => now() - interval '1 day')`,
  );
  expect(
    await database.query(
      `select safety_buffer::text from silver.timeseries_rollup_config where target_table = 'public.minute_hourly'::regclass`,
    ),
  ).toEqual([{ safety_buffer: '00:00:00' }]);
});

it('a bucket falls due so long after its end', async () => {
  await declare('patient', '1 hour', `, safety_buffer => '40 minutes'`);
  expect(
    await database.query(
      `select silver.due_until(r.rollup_id) = date_bin(r.rollup_table_interval, now() - r.safety_buffer, '2000-01-01Z') as right_now, r.safety_buffer::text
       from silver.timeseries_rollup_config r
       where r.target_table in ('public.patient'::regclass, 'public.minute'::regclass, 'public.second'::regclass) order by 2`,
    ),
  ).toEqual([
    { right_now: true, safety_buffer: '00:00:30' },
    { right_now: true, safety_buffer: '00:01:00' },
    { right_now: true, safety_buffer: '00:40:00' },
  ]);
});

it('0 is allowed, and computes a second when it is over; a longer buffer does not', async () => {
  await declare('at_once', '1 second', `, safety_buffer => '0'`);
  await declare('in_an_hour', '1 second', `, safety_buffer => '1 hour'`);
  await database.query(`insert into public.ticks values (now() - interval '2 seconds', 1)`);
  await callRollups(database, 'perform_rollup', 'public.ticks');
  expect(await database.query('select row_count::int as rows from public.at_once')).toEqual([
    { rows: 1 },
  ]);
  expect(await database.query('select from public.in_an_hour')).toEqual([]);
  // Not computed, not late, and in the live view all the same.
  expect(await database.query('select row_count::int as rows from public.in_an_hour_live')).toEqual(
    [{ rows: 1 }],
  );
});

it('a negative one is refused', async () => {
  await expect(
    declare('hasty', '1 second', `, safety_buffer => '-1 second'`),
  ).rejects.toMatchObject({
    code: expect.stringMatching(/^(22023|23514)$/),
  });
});
