import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

const call = `select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', '1 day', '60 days', start_from => '2026-01-01 00:00+00',
  dimensions => '{device}', first_last => '{value}', bucket_origin => '2026-01-01 00:00+00', partition_interval => '7 days')::text as target`;

beforeAll(async () => {
  await database.query(
    `create schema app; create table app.readings (at timestamptz not null, device text, value double precision)`,
  );
});

const state = () =>
  database.query(`select (select md5(string_agg(c::text, '' order by c.oid)) from pg_class c where c.oid >= 16384) as catalog,
    (select string_agg(r::text, '') from silver.timeseries_rollup_config r) as rollups, (select count(*)::int from silver.timeseries_rollup_column) as columns,
    (select string_agg(xmin::text, '') from silver.timeseries_tracked_source) as sources, (select count(*)::int from pg_trigger) as triggers`);

it('the same call changes nothing, whatever zone and style its session is in', async () => {
  expect(await database.query(call)).toEqual([{ target: 'app.hourly' }]);
  const before = await state();
  for (const settings of [
    `timezone = 'UTC'`,
    `timezone = 'Asia/Kathmandu'`,
    `intervalstyle = 'iso_8601'`,
    `datestyle = 'SQL, DMY'`,
  ]) {
    await database.query(`set ${settings}`);
    expect(await database.query(call)).toEqual([{ target: 'app.hourly' }]);
    await database.query('reset all');
  }
  expect(await state()).toEqual(before);
});

it('calls at once make one', async () => {
  const clients = await Promise.all([1, 2, 3, 4].map(() => database.connect()));
  const made = call.replace(`'hourly'`, `'at_once'`);
  const results = await Promise.all(clients.map((client) => client.query(made)));
  expect(results.map(({ rows }) => rows[0].target)).toEqual(Array(4).fill('app.at_once'));
  expect(
    await database.query(
      `select count(*)::int as n from silver.timeseries_rollup_config where target_table = 'app.at_once'::regclass`,
    ),
  ).toEqual([{ n: 1 }]);
});

it.each([
  ['interval', `'1 hour'`, `'2 hours'`],
  ['dimensions', `'{device}'`, `'{}'`],
  ['retention', `'60 days'`, `'61 days'`],
  ['first_last', `'{value}'`, `'{}'`],
])('with another %s it is refused, and says how it was declared', async (_name, was, is) => {
  await expect(database.query(call.replace(was, is))).rejects.toMatchObject({
    code: '42710',
    message: expect.stringMatching(
      /^app.hourly was declared with other arguments: on app.readings with \{.*60 days/,
    ),
    hint: expect.stringContaining('drop the rollup first'),
  });
});

it('on another source too', async () => {
  await database.query('create table app.others (like app.readings)');
  await expect(database.query(call.replace('app.readings', 'app.others'))).rejects.toMatchObject({
    code: '42710',
  });
});

it('a refused call has left nothing behind', async () => {
  const before = await state();
  await expect(
    database.query(
      `select silver.create_rollup_table('app.others', 'app', 'made', '1 hour', exclude => '{nothing}')`,
    ),
  ).rejects.toMatchObject({ code: '42703' });
  expect(await state()).toEqual(before);
});
