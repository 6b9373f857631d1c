import type { ChildProcess } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { isSettled } from '../../integration/readings.ts';
import { endProcess, startSilver } from '../../integration/silver-under-test.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { useMembers } from './use-members.ts';

const database = useDatabase();
const members = useMembers(database);
const processes: ChildProcess[] = [];
let output = '';

afterAll(async () => {
  await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
});

/** Starts a program as a member of a role; what it has to complain about is collected. */
function start(role: 'silver_scheduler' | 'silver_worker', command: string): void {
  const child = startSilver(members.url(role), [command], { LOG_LEVEL: 'warn' });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output += data;
    });
  }
  processes.push(child);
}

const mismatches = () =>
  database.query(
    `select * from (select date_bin('1 hour', at, '2001-01-01Z') as at, device, count(*) as rows, sum(value) as total from app.readings group by 1, 2) s
     full join app.hourly t on t.timestamp = s.at and t.device = s.device
     where (s.rows, s.total) is distinct from (t.row_count, t.sum_value::numeric)`,
  );
const days = () =>
  database.query(
    `select timestamp::date::text as day, sum(row_count)::int as rows from app.daily group by 1 order by 1`,
  );
const settled = () => waitUntil('everything is settled', () => isSettled(database), 60_000);

it('a scheduler and a worker that own nothing keep the rollups of an application that has no rights on Silver', async () => {
  await database.query(
    `create schema app;
     grant usage on schema app to ${members.name(null)};
     create table app.readings (at timestamptz not null, device text not null, value integer not null) partition by range (at);
     create table app.readings_1 partition of app.readings for values from ('2001-01-01Z') to ('2001-01-03Z');
     create index on app.readings (at);
     grant select, insert, update, delete on app.readings to ${members.name(null)};
     insert into app.readings
     select timestamptz '2001-01-01Z' + i * interval '1 minute', 'd' || i % 3, i % 100 from generate_series(0, 48 * 60 - 1) i;
     select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2001-01-01Z', dimensions => '{device}',
       partition_interval => '1 day');
     select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2001-01-01Z');
     update silver.timeseries_rollup_config set rerun_interval = '0';`,
  );
  start('silver_scheduler', 'scheduler');
  start('silver_worker', 'worker');
  await waitUntil('the first day is there', async () => (await days()).length === 2, 60_000);
  await settled();
  expect(await mismatches()).toEqual([]);
  expect(await days()).toEqual([
    { day: '2001-01-01', rows: 1440 },
    { day: '2001-01-02', rows: 1440 },
  ]);
}, 120_000);

it('late rows, updates and deletes of the application are seen', async () => {
  const application = await members.connect(null);
  await application.query(`insert into app.readings values ('2001-01-01 05:00:30Z', 'd0', 1000)`);
  await application.query(`update app.readings set value = 7 where at = '2001-01-02 07:00Z'`);
  await application.query(
    `delete from app.readings where at between '2001-01-02 20:00Z' and '2001-01-02 20:59Z'`,
  );
  await waitUntil('they have arrived', async () => (await mismatches()).length === 0);
  await settled();
  expect(await days()).toEqual([
    { day: '2001-01-01', rows: 1441 },
    { day: '2001-01-02', rows: 1380 },
  ]);
});

it('a partition attached full is adopted, and what is written straight to it is seen', async () => {
  await database.query(
    `create table app.readings_2 (like app.readings);
     insert into app.readings_2 select timestamptz '2001-01-03Z' + i * interval '1 minute', 'd9', 1 from generate_series(0, 59) i;
     alter table app.readings attach partition app.readings_2 for values from ('2001-01-03Z') to ('2001-01-04Z');
     grant insert on app.readings_2 to ${members.name(null)};`,
  );
  await waitUntil('it has arrived', async () =>
    (await days()).some(({ day }) => day === '2001-01-03'),
  );
  const application = await members.connect(null);
  await application.query(`insert into app.readings_2 values ('2001-01-03 00:00:30Z', 'd9', 2)`);
  await waitUntil('so has the row', async () => (await mismatches()).length === 0);
  await settled();
  expect(await days()).toContainEqual({ day: '2001-01-03', rows: 61 });
});

it('the scheduler maintains: partitions ahead, statistics, retention', async () => {
  await database.query(
    `update silver.timeseries_rollup_config set retention_period = '1 year' where target_table = 'app.hourly'::regclass`,
  );
  const scheduler = await members.connect('silver_scheduler');
  await scheduler.query('call silver.run_maintenance()');
  await waitUntil('retention found the tables free', async () => {
    await scheduler.query('call silver.run_maintenance()');
    return (await database.query(`select from app.hourly`)).length === 0;
  });
  const done = await database.query<{ action: string }>(
    `select distinct action from silver.timeseries_maintenance_log where action <> 'delayed' order by 1`,
  );
  expect(done.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['analyze', 'create partition', 'drop partition']),
  );
  expect(await days()).toHaveLength(3);
});

it('none of them was refused anything on the way', async () => {
  await settled();
  expect(await database.query('select * from silver.timeseries_error_log')).toEqual([]);
  expect(output).not.toMatch(/permission denied|must be owner/);
});
