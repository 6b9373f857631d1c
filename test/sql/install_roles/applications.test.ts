import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { useMembers } from './use-members.ts';

const database = useDatabase();
const members = useMembers(database);

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query('call silver.run_rollups()');
  await database.query(
    `grant insert, update, delete, truncate, select on public.readings to ${members.name(null)}`,
  );
});

const logged = () =>
  database.query<{ touched: string }>(
    'select touched::text from silver.timeseries_invalidation_log order by log_id',
  );

it.each([
  ['insert', `insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`],
  ['update', `update public.readings set value = 3 where at = '2001-01-01 05:00:30Z'`],
  ['delete', `delete from public.readings where at = '2001-01-01 05:00:30Z'`],
  [
    'merge',
    `merge into public.readings r using (values (timestamptz '2001-01-01 05:01Z')) v (at) on r.at = v.at when matched then update set value = 9`,
  ],
  ['truncate', 'truncate public.readings'],
])('an application without any right on Silver is tracked: %s', async (_name, statement) => {
  await database.query('delete from silver.timeseries_invalidation_log');
  const application = await members.connect(null);
  await application.query(`set search_path = pg_temp`);
  await application.query(statement);
  expect(await logged()).not.toEqual([]);
});

it('who may read a live view needs no right on the source, and gets nothing else by it', async () => {
  await database.query(`revoke all on public.readings from ${members.name(null)}`);
  await database.query(`grant select on public.hourly_live to ${members.name(null)}`);
  await database.query(`insert into public.readings values ('2001-01-01 09:00:30Z', 'd0', 77)`);
  const reader = await members.connect(null);
  expect(
    (
      await reader.query(
        `select max_value from public.hourly_live where timestamp = '2001-01-01 09:00Z' and device = 'd0'`,
      )
    ).rows,
  ).toEqual([{ max_value: 77 }]);
  for (const statement of [
    'select from public.readings',
    'select from public.hourly',
    'select silver.unsettled(1)',
    `select from silver_live.live_1('-infinity', 'infinity')`,
    'select from silver.timeseries_rollup_config',
    'create function silver.unsettled(integer, integer) returns void language sql as $$ select $$',
    'create function silver_live.x() returns void language sql as $$ select $$',
  ]) {
    await expect(reader.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

it("temporary tables and functions of a writer's session are not taken for Silver's or PostgreSQL's", async () => {
  await database.query(`grant insert on public.readings to ${members.name(null)}`);
  await database.query('delete from silver.timeseries_invalidation_log');
  const writer = await members.connect(null);
  await writer.query(
    `create temporary table timeseries_tracked_source (source_id integer, horizon timestamptz);
     create temporary table pg_class (oid oid);
     create function pg_temp.isempty(tstzmultirange) returns boolean language sql as $$ select true $$;
     create type pg_temp.tstzmultirange as (x integer);
     set search_path = pg_temp, pg_catalog, public;`,
  );
  await writer.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  expect(await logged()).toHaveLength(1);
});
