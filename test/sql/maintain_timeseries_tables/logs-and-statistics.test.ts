import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';
import type { MaintenanceEntry } from '../recent-readings.ts';

const database = useDatabase();

const maintain = (...args: unknown[]) =>
  database.query<MaintenanceEntry>(
    `select * from silver.maintain_timeseries_tables(${args.map((_, index) => `$${index + 1}`).join(', ')})`,
    args,
  );

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(
    `select silver.create_rollup_table('public.readings', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
  );
  await callRollups(database, 'perform_rollup');
  await maintain();
});

it('analyzed what had changed, with its partitions as a whole, which autovacuum never does', async () => {
  expect(
    await database.query(
      `select c.relname, c.reltuples from pg_class c where c.oid in ('public.hourly'::regclass, 'public.daily'::regclass) order by 1`,
    ),
  ).toEqual([
    { relname: 'daily', reltuples: 1 },
    { relname: 'hourly', reltuples: 72 },
  ]);
  expect(
    await database.query(
      `select from pg_stats where schemaname = 'public' and tablename = 'hourly' and inherited and attname = 'timestamp'`,
    ),
  ).toHaveLength(1);
});

it('does so again a day later at the earliest, and only when it has changed since', async () => {
  await database.query(`insert into public.readings values ('2001-01-01 03:00:30Z', 'd0', 1)`);
  await callRollups(database, 'perform_rollup');
  expect((await maintain()).filter(({ action }) => action === 'analyze')).toEqual([]);
  await database.query(
    `update silver.timeseries_maintenance_log set started_at = started_at - interval '25 hours', finished_at = finished_at - interval '25 hours'`,
  );
  await database.query(
    `update silver.timeseries_refresh_log set finished_at = finished_at - interval '26 hours' where rollup_id = 2`,
  );
  expect((await maintain()).filter(({ action }) => action === 'analyze')).toMatchObject([
    { object_name: 'public.hourly' },
  ]);
});

it('prunes the logs by age, of the rollup named alone or of all', async () => {
  await database.query(
    `insert into silver.timeseries_error_log (rollup_id, error_message, occurred_at)
       values (1, 'old', now() - interval '31 days'), (1, 'new', now() - interval '29 days'), (2, 'old', now() - interval '31 days'),
         (null, 'old', now() - interval '31 days'), (null, 'new', now());
     update silver.timeseries_refresh_log set finished_at = finished_at - interval '40 days';
     insert into silver.timeseries_maintenance_log (rollup_id, action, object_name, started_at, finished_at)
       values (2, 'analyze', 'old', now() - interval '32 days', now() - interval '31 days');`,
  );
  const errors = () =>
    database.query(
      'select rollup_id, error_message from silver.timeseries_error_log order by 1, 2',
    );
  expect(
    (await maintain('public.hourly')).filter(({ action }) => action === 'prune log'),
  ).toMatchObject([
    { object_name: 'silver.timeseries_refresh_log', detail: 'older than 30 days', rollup_id: null },
    { object_name: 'silver.timeseries_error_log', affected_rows: '2' },
  ]);
  expect(await errors()).toEqual([
    { rollup_id: 1, error_message: 'new' },
    { rollup_id: 2, error_message: 'old' },
    { rollup_id: null, error_message: 'new' },
  ]);
  await maintain();
  expect(await errors()).toEqual([
    { rollup_id: 1, error_message: 'new' },
    { rollup_id: null, error_message: 'new' },
  ]);
  expect(
    await database.query(
      `select (select count(*)::int from silver.timeseries_refresh_log) as refreshes,
         (select count(*)::int from silver.timeseries_maintenance_log where object_name = 'old') as maintained`,
    ),
  ).toEqual([{ refreshes: 0, maintained: 0 }]);
});

it('how old is said by keep_logs', async () => {
  await maintain(null, '0');
  expect(await database.query('select from silver.timeseries_error_log')).toEqual([]);
});

it.each([
  [[null, '-1 day'], '22023', 'keep_logs: -1 days is no age'],
  [[null, null], '22023', 'keep_logs: null is no age'],
  [['public.readings'], '22023', 'target_table_name: readings is not the target of a rollup'],
  [['no.such'], '42P01', 'target_table_name: there is no table no.such'],
])('refuses %j', async (args, code, message) => {
  await expect(maintain(...args)).rejects.toMatchObject({ code, message });
});

it('takes out of the invalidation log what belongs to no source, and nothing else', async () => {
  await database.query(
    `insert into silver.timeseries_invalidation_log (source_id, touched)
     select s, '{[2001-01-01Z,2001-01-02Z)}' from (select source_id from silver.timeseries_tracked_source union all select 4711) as x (s)`,
  );
  await maintain();
  expect(
    await database.query('select source_id from silver.timeseries_invalidation_log order by 1'),
  ).toEqual(
    await database.query('select source_id from silver.timeseries_tracked_source order by 1'),
  );
});
