import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query(`create schema app; create schema "Odd";
    create table app.readings (at timestamptz not null, device text, site text, value double precision, doc xml, payload jsonb);
    create table app.taken (n integer); create view app.seen_live as select 1;
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-01-01Z')`);
});

const base = {
  source_table_name: `'app.readings'`,
  target_schema: `'app'`,
  target_table_name: `'made'`,
  rollup_table_interval: `'1 hour'`,
  start_from: `'2026-01-01Z'`,
};

it.each([
  ['source_table_name', 'null', '42P01', 'there is no table null'],
  ['source_table_name', `'0'`, '42P01', 'there is no table 0'],
  ['source_table_name', `'1259'`, '42P01', 'there is no table 1259'],
  ['source_table_name', `' -'`, '42P01', 'there is no table  -'],
  ['source_table_name', `''`, '42602', 'is no name of a table'],
  ['target_schema', 'null', '3F000', 'there is no schema null'],
  ['target_schema', `'odd'`, '3F000', 'there is no schema odd'],
  ['target_schema', `'silver'`, '42501', 'silver is no place for tables of your own'],
  ['target_schema', `'pg_catalog'`, '42501', 'pg_catalog is no place'],
  ['target_table_name', 'null', '42602', 'null is no name for a table'],
  ['target_table_name', `''`, '42602', '"" is no name for a table'],
  ['target_table_name', `repeat('x', 64)`, '42602', 'is no name for a table'],
  ['target_table_name', `repeat('é', 32)`, '42602', 'is no name for a table'],
  ['target_table_name', `'taken'`, '42P07', 'app.taken exists and is not the target of a rollup'],
  ['target_table_name', `'seen'`, '42P07', 'app.seen_live exists, where the live view would be'],
  ['rollup_table_interval', 'null', '22004', 'must not be null'],
  ['rollup_table_interval', `'0'`, '22023', 'must be longer than nothing, not 00:00:00'],
  ['rollup_table_interval', `'-1 hour'`, '22023', 'must be longer than nothing, not -01:00:00'],
  [
    'rollup_table_interval',
    `'1 month 1 day'`,
    '22023',
    'a bucket of 1 mon 1 day mixes months with days or time',
  ],
  ['rollup_table_interval', `'2000 years'`, '22023', 'is longer than 1,000 years'],
  ['look_back_window', 'null', '22004', 'must not be null'],
  ['look_back_window', `'-1 day'`, '22023', 'must be no less than nothing'],
  ['retention_period', `'0'`, '22023', 'must be longer than nothing'],
  ['start_from', `'infinity'`, '22023', 'infinity is not within the years 1 to 9999'],
  ['start_from', `'-infinity'`, '22023', '-infinity is not within'],
  ['dimensions', `'{nothing}'`, '42703', 'app.readings has no column nothing'],
  ['dimensions', `'{null}'`, '22004', 'a column name is null'],
  ['dimensions', `'{device,device}'`, '42701', 'device is named twice'],
  ['dimensions', `'{at}'`, '22023', 'at is the time column'],
  ['dimensions', `'{doc}'`, '22023', 'doc is of type xml, which cannot be grouped by'],
  ['dimensions', `array[repeat('d', 70)]`, '42703', 'app.readings has no column ddd'],
  ['exclude', `'{nothing}'`, '42703', 'app.readings has no column nothing'],
  ['exclude', `'{null}'`, '22004', 'a column name is null'],
  ['first_last', `'{nothing}'`, '42703', 'app.readings has no column nothing'],
  ['first_last', `'{doc}'`, '22023', 'doc is of type xml, of which nothing is kept'],
  ['bucket_time_zone', 'null', '22004', 'must not be null'],
  ['bucket_time_zone', `'Mars/Base'`, '22023', `'Mars/Base' is no time zone`],
  ['bucket_origin', `'infinity'`, '22023', 'infinity is not within'],
  ['mode', 'null', '22023', 'null is neither track nor look_back'],
  ['safety_buffer', `'-1 s'`, '22023', 'must be no less than nothing'],
  ['freeze_after', `'0'`, '22023', 'must be longer than nothing'],
  ['priority', 'null', '22004', 'must not be null'],
  ['priority', '1001', '22023', '1001 is not between -1000 and 1000'],
  ['max_in_flight', '0', '22023', '0 is not between 1 and 10000'],
  ['max_retries', '-1', '22023', '-1 is not between 0 and 1000'],
  ['target_chunk_duration', `'0'`, '22023', 'must be longer than nothing'],
  ['processing_window', `'-1 hour'`, '22023', 'must be longer than nothing'],
  ['partition_interval', `'-1 day'`, '22023', 'must be no less than nothing'],
  ['partition_interval', `'30 minutes'`, '22023', '00:30:00 is shorter than a bucket of 01:00:00'],
  ['partition_interval', `'1 month 1 day'`, '22023', 'mixes months with days or time'],
  ['alert_threshold', `'0'`, '22023', 'must be longer than nothing'],
  ['stale_after', 'null', '22004', 'must not be null'],
])('%s => %s', async (argument, value, code, message) => {
  const list = Object.entries({ ...base, [argument]: value }).map(
    ([name, given]) => `${name} => ${given}`,
  );
  await expect(
    database.query(`select silver.create_rollup_table(${list.join(', ')})`),
  ).rejects.toMatchObject({
    code,
    message: expect.stringMatching(
      new RegExp(`^${argument}: .*${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
    ),
    hint: expect.stringMatching(/\w/),
  });
  expect(await database.query(`select 1 from pg_class where relname = 'made'`)).toEqual([]);
});

it('an infinite interval, where PostgreSQL has such', async () => {
  const [server] = await database.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  for (const argument of [
    'rollup_table_interval',
    'look_back_window',
    'retention_period',
    'partition_interval',
    'stale_after',
  ]) {
    const list = Object.entries({ ...base, [argument]: `'infinity'` }).map(
      ([name, given]) => `${name} => ${given}`,
    );
    await expect(
      database.query(`select silver.create_rollup_table(${list.join(', ')})`),
    ).rejects.toMatchObject(
      (server?.version ?? 0) >= 170_000
        ? {
            code: '22023',
            message: `${argument}: infinity is longer than 1,000 years`,
            hint: expect.stringMatching(/finite/),
          }
        : { code: '22007' },
    );
  }
});

it.each([
  [
    'not a multiple of its parent’s',
    `rollup_table_interval => '90 minutes'`,
    '22023',
    /^rollup_table_interval: buckets of .* are not whole buckets of the parent app.hourly/,
    /multiple/,
  ],
  [
    'finer than its parent',
    `rollup_table_interval => '30 minutes'`,
    '22023',
    /^rollup_table_interval: /,
    /multiple/,
  ],
  [
    'of a zone whose days cut its parent’s hours',
    `rollup_table_interval => '1 day', bucket_time_zone => 'Asia/Kolkata'`,
    '22023',
    /^rollup_table_interval: /,
    /zone/,
  ],
  [
    'of an origin that does',
    `rollup_table_interval => '1 day', bucket_origin => '2026-01-01 00:30Z'`,
    '22023',
    /^rollup_table_interval: /,
    /multiple/,
  ],
  [
    'by a dimension its parent has not',
    `rollup_table_interval => '1 day', dimensions => '{site}'`,
    '22023',
    /^dimensions: site of app.hourly is not one of its dimensions/,
    /\w/,
  ],
  [
    'by a metric of its parent',
    `rollup_table_interval => '1 day', dimensions => '{min_value}'`,
    '22023',
    /^dimensions: min_value of app.hourly is not one of its dimensions/,
    /dimension/,
  ],
  [
    'leaving out a target column instead of a metric',
    `rollup_table_interval => '1 day', exclude => '{min_value}'`,
    '22023',
    /^exclude: min_value of app.hourly is no metric/,
    /raw source/,
  ],
])('a child %s', async (_name, given, code, message, remedy) => {
  await expect(
    database.query(
      `select silver.create_rollup_table('app.hourly', 'app', 'made', start_from => '2026-01-01Z', ${given})`,
    ),
  ).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(remedy),
  });
});

it('what a role may not do, it is told by PostgreSQL', async () => {
  const stranger = await database.connect();
  await stranger.query(`set role pg_monitor`);
  await expect(
    stranger.query(`select silver.create_rollup_table('app.readings', 'app', 'made', '1 hour')`),
  ).rejects.toMatchObject({ code: '42501' });
});
