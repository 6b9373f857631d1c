import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

const switched = async (to: 'off' | 'on') =>
  (await database.query(`select silver.track_${to}('public.readings') as done`))[0]?.['done'];
const logged = () => database.query('select from silver.timeseries_invalidation_log');
const wrong = () =>
  database.query(
    `select timestamp, device, row_count from public.hourly_live
     except select date_bin('1 hour', at, '2001-01-01Z'), device, count(*) from public.readings group by 1, 2`,
  );

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
  await settle(database);
});

it('switches off without touching the source: also while a transaction that wrote to it is open', async () => {
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into public.readings values ('2001-01-01 04:00:30Z', 'd0', 1)`);
  await writer.query('lock table public.readings in share row exclusive mode');
  expect(await switched('off')).toBe(true);
  expect(await switched('off')).toBe(false);
  await writer.query('commit');
});

it('off, nothing is logged and nothing new is computed; the live view computes everything, and is right', async () => {
  await settle(database).catch(() => undefined);
  const before = (await logged()).length;
  await database.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  await database.query(`delete from public.readings where at < '2001-01-01 02:00Z'`);
  expect((await logged()).length).toBe(before);
  await tick(database);
  expect(await mismatches(database)).not.toEqual([]);
  expect(await wrong()).toEqual([]);
});

it('on again, everything is dirty, and right when it has been computed', async () => {
  expect(await switched('on')).toBe(true);
  expect(await switched('on')).toBe(false);
  expect(await wrong()).toEqual([]);
  await settle(database);
  expect(await mismatches(database)).toEqual([]);
  await database.query(`insert into public.readings values ('2001-01-01 06:00:30Z', 'd0', 1)`);
  expect(await logged()).toHaveLength(1);
  await settle(database);
});

it('on waits for the writers of the time without tracking: one whose statement began then is not missed', async () => {
  await switched('off');
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into public.readings values ('2001-01-01 07:00:30Z', 'd0', 1)`);
  await expect(database.query(`select silver.track_on('public.readings')`)).rejects.toMatchObject({
    code: '55P03',
    message: 'public.readings is being written to',
    hint: expect.stringContaining('Tracking stays off'),
  });
  expect(await database.query('select tracking from silver.timeseries_tracked_source')).toEqual([
    { tracking: false },
  ]);
  await writer.query('commit');
  expect(await switched('on')).toBe(true);
  await settle(database);
  expect(await mismatches(database)).toEqual([]);
});

it('a transaction that was open all the time, with an old snapshot, loses nothing either', async () => {
  const old = await database.connect();
  await old.query('begin isolation level repeatable read');
  await old.query('select count(*) from public.readings');
  await switched('off');
  await switched('on');
  await settle(database);
  await old.query(`insert into public.readings values ('2001-01-01 08:00:30Z', 'd0', 1)`);
  await old.query('commit');
  expect(await wrong()).toEqual([]);
  await settle(database);
  expect(await mismatches(database)).toEqual([]);
});

it.each([
  ['public.hourly', '22023', 'is not a source with tracking triggers of its own'],
  ['public.nothing', '42P01', 'source_table_name: there is no table public.nothing'],
])('refuses %s', async (table, code, message) => {
  for (const to of ['off', 'on']) {
    await expect(database.query(`select silver.track_${to}($1)`, [table])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  }
});
