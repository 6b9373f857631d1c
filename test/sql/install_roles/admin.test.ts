import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';
import { useMembers } from './use-members.ts';

const database = useDatabase();
const members = useMembers(database);

beforeAll(async () => {
  await database.query(
    `create schema app; grant usage, create on schema app to ${members.name('silver_admin')};`,
  );
});

it('declares, computes, changes, maintains and drops the rollups of tables it owns', async () => {
  const admin = await members.connect('silver_admin');
  const asAdmin = {
    query: async (text: string, values?: unknown[]) => (await admin.query(text, values)).rows,
  };
  await admin.query(
    `create table app.readings (at timestamptz not null, n integer); create index on app.readings (at);
     insert into app.readings select timestamptz '2001-01-01Z' + i * interval '1 minute', i from generate_series(0, 1439) i;`,
  );
  await admin.query(
    `select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2001-01-01Z');
     select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2001-01-01Z');`,
  );
  expect(await callRollups(asAdmin as never, 'perform_rollup')).toHaveLength(2);
  await admin.query('call silver.run_rollups()');
  await admin.query(`insert into app.readings values ('2001-01-01 00:00:30Z', 5)`);
  await admin.query('call silver.run_rollups()');
  expect((await admin.query('select row_count::int as rows from app.daily')).rows).toEqual([
    { rows: 1441 },
  ]);
  expect((await admin.query('select row_count::int as rows from app.daily_live')).rows).toEqual([
    { rows: 1441 },
  ]);
  await admin.query(`update silver.timeseries_rollup_config set priority = 5`);
  await admin.query('call silver.run_maintenance()');
  await admin.query(`select silver.track_off('app.readings')`);
  await admin.query(`select silver.track_on('app.readings')`);
  await admin.query(`select silver.drop_rollup('app.daily', true)`);
  await admin.query(`select silver.drop_rollup('app.hourly')`);
  expect(await database.query('select * from silver.timeseries_error_log')).toEqual([]);
  expect(await database.query('select from silver.timeseries_tracked_source')).toEqual([]);
});

it('declares none on a table that it does not own, and nothing is left of the attempt', async () => {
  await database.query(
    `create table app.others (at timestamptz not null, n integer);
     grant select on app.others to ${members.name('silver_admin')}`,
  );
  const admin = await members.connect('silver_admin');
  await expect(
    admin.query(
      `select silver.create_rollup_table('app.others', 'app', 'others_hourly', '1 hour')`,
    ),
  ).rejects.toMatchObject({ code: '42501' });
  expect(
    await database.query(
      `select from silver.timeseries_rollup_config union all select from silver.timeseries_tracked_source
       union all select from pg_trigger where tgrelid = 'app.others'::regclass`,
    ),
  ).toEqual([]);
});
