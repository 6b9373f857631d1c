import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, collectNotices } from '../call-results.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query(
    `select silver.create_rollup_table('public.readings', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
  );
  await callRollups(database, 'perform_rollup');
});

it('cannot run in a transaction block, and says so', async () => {
  await database.query('begin');
  await expect(database.query('call silver.run_maintenance()')).rejects.toMatchObject({
    code: '2D000',
  });
  await database.query('rollback');
});

it('a target that fails is a warning, and the others are maintained', async () => {
  await database.query('drop table public.hourly cascade');
  const caller = await database.connect();
  const notices = collectNotices(caller);
  await caller.query('call silver.run_maintenance()');
  expect(notices).toEqual([expect.stringMatching(/^WARNING: \d+: not maintained: /)]);
  expect(
    await database.query(
      `select distinct object_name from silver.timeseries_maintenance_log where action = 'analyze'`,
    ),
  ).toEqual([{ object_name: 'public.daily' }]);
});

it('one that is named fails the call', async () => {
  await expect(
    database.query(`call silver.run_maintenance('public.nothing')`),
  ).rejects.toMatchObject({
    code: '42P01',
  });
});

it('works at any default isolation level', async () => {
  const caller = await database.connect();
  await caller.query(`set default_transaction_isolation = 'serializable'`);
  await caller.query(`call silver.run_maintenance('public.daily', '0')`);
  expect(
    (await caller.query(`select current_setting('transaction_isolation') as level`)).rows,
  ).toEqual([{ level: 'serializable' }]);
});
