import { beforeAll, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { collectNotices } from '../call-results.ts';

const database = useDatabase();

const tracked = async () =>
  (
    await database.query<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where tgname = 'silver_track_insert' and tgrelid::regclass::text like '%readings%' order by 1`,
    )
  ).map(({ name }) => name);
const wrong = (relation: string) =>
  database.query(
    `select timestamp, row_count from ${relation} where timestamp < '2001-03-01Z'
     except select date_bin('1 hour', at, '2001-01-01Z'), count(*) from public.readings group by 1`,
  );

beforeAll(async () => {
  await database.query(
    `create table public.readings (at timestamptz not null, n integer) partition by range (at);
     create table public.readings_1 partition of public.readings for values from ('2001-01-01Z') to ('2001-02-01Z');
     create table public.readings_2 partition of public.readings for values from ('2001-02-01Z') to ('2001-03-01Z');
     create index on public.readings (at);
     insert into public.readings select timestamptz '2001-01-25Z' + i * interval '1 hour', i from generate_series(1, 300) i;`,
  );
});

it('a leaf that is written to for long is passed by: the others get their triggers, and its writers hardly wait', async () => {
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into public.readings_2 values ('2001-02-05 00:30Z', 1)`);
  const admin = await database.connect();
  const notices = collectNotices(admin);
  const declared = admin.query(
    `select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2001-01-01Z')`,
  );
  // Others that write to it meanwhile wait for a tenth of a second at the most, not for the writer.
  const other = await database.connect();
  await other.query(`set lock_timeout = '3s'`);
  let declaring = true;
  const ended = declared.finally(() => {
    declaring = false;
  });
  while (declaring) {
    await other.query(`insert into public.readings_2 values ('2001-02-06 00:30Z', 2)`);
  }
  await ended;
  expect(notices).toEqual([
    expect.stringMatching(/^NOTICE: some tables of (public\.)?readings are being written to/),
  ]);
  expect(await tracked()).toEqual(['readings', 'readings_1']);
  await database.query('update silver.timeseries_rollup_config set rerun_interval = $$0$$');

  // Until it is tracked the live view computes everything, and is right before and after the writer's commit.
  expect(await wrong('public.hourly_live')).toEqual([]);
  await database.query('call silver.run_rollups()');
  expect(await wrong('public.hourly_live')).toEqual([]);
  expect(await tracked()).toEqual(['readings', 'readings_1']);
  await writer.query('commit');
  expect(await wrong('public.hourly_live')).toEqual([]);
});

it('the next tick puts the triggers on the rest, and nothing written before is lost', async () => {
  await settle(database);
  expect(await tracked()).toEqual(['readings', 'readings_1', 'readings_2']);
  expect(await wrong('public.hourly')).toEqual([]);
  expect(await database.query('select * from silver.validate_rollup_config()')).toEqual([]);
  await database.query(`insert into public.readings_2 values ('2001-02-07 00:30Z', 3)`);
  await settle(database);
  expect(await wrong('public.hourly')).toEqual([]);
});
