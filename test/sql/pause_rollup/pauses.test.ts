import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { chunkIds, runChunks, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, configOf } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(
    `select silver.create_rollup_table('public.readings', 'public', 'daily', '1 day', start_from => '2001-01-01Z');
     update silver.timeseries_rollup_config set rerun_interval = '0'`,
  );
  await settle(database);
});

const late = (hour: string) =>
  database.query(`insert into public.readings values ('2001-01-01 ${hour}:00:30Z', 'd0', 1)`);

it('what is in flight goes on; nothing more is planned, by a scheduler or a call; its siblings go on', async () => {
  await late('05');
  await tick(database);
  await database.query(`select silver.pause_rollup('public.hourly')`);
  expect(await runChunks(database)).toEqual(['completed', 'completed']);
  await late('06');
  await tick(database);
  expect(await chunkIds(database)).toHaveLength(1); // The daily one.
  await runChunks(database);
  expect(await callRollups(database, 'perform_rollup', 'public.hourly')).toEqual([]);
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'paused',
    paused_until: Number.POSITIVE_INFINITY,
  });
});

it('the live view stays right meanwhile', async () => {
  expect(
    await database.query(
      `select row_count::int as rows from public.hourly_live where timestamp = '2001-01-01 06:00Z' and device = 'd0'`,
    ),
  ).toEqual([{ rows: 21 }]);
});

it('resumed, everything that changed meanwhile is computed; schedulers are woken', async () => {
  const listener = await database.connect();
  await listener.query('listen silver_wake');
  const woken = new Promise((resolve) => listener.on('notification', resolve));
  await database.query(`select silver.resume_rollup('public.hourly')`);
  await woken;
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'idle',
    paused_until: null,
  });
  await settle(database);
  expect(await mismatches(database)).toEqual([]);
});

it('ends by itself at the instant given; called again, it moves', async () => {
  await database.query(`select silver.pause_rollup('public.hourly', now() + interval '1 hour')`);
  await database.query(`select silver.pause_rollup('public.hourly', now() + interval '2 hours')`);
  expect(
    await database.query(
      `select paused_until > now() + interval '110 minutes' as later, silver.next_due_at() <= paused_until as woken from silver.timeseries_rollup_config where rollup_id = 1`,
    ),
  ).toEqual([{ later: true, woken: true }]);
  await database.query(
    `update silver.timeseries_rollup_config set paused_until = now() where rollup_id = 1`,
  );
  await late('07');
  await settle(database);
  expect(await mismatches(database)).toEqual([]);
});

it('resuming what is not paused changes nothing', async () => {
  const before = await configOf(database, 'public.hourly');
  await database.query(`select silver.resume_rollup('public.daily')`);
  expect({ ...(await configOf(database, 'public.hourly')), updated_at: 0 }).toEqual({
    ...before,
    updated_at: 0,
  });
});

it.each([
  [`silver.pause_rollup('public.hourly', now() - interval '1 second')`, '22023', 'until: '],
  [`silver.pause_rollup('public.hourly', '-infinity')`, '22023', 'until: '],
  [`silver.pause_rollup('public.hourly', null)`, '22004', 'until: must not be null'],
  [
    `silver.pause_rollup('public.readings')`,
    '22023',
    'target_table_name: readings is not the target of a rollup',
  ],
  [`silver.pause_rollup('x.y')`, '42P01', 'target_table_name: there is no table x.y'],
  [`silver.resume_rollup(null)`, '42P01', 'target_table_name: there is no table null'],
])('%s is refused', async (call, code, message) => {
  await expect(database.query(`select ${call}`)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});
