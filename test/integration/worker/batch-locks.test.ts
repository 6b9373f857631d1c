import { planSource } from '@silver/scheduler';
import { dueSources, onSlonik } from '@silver/shared';
import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly } from '../readings.ts';
import { testBoss, testConfig, testPool } from '../silver-under-test.ts';

const database = useDatabase();

it('chunks of several rollups wait for progress rows in the order of the rollups, holding none behind the one they wait for', async () => {
  await createReadings(database, 2);
  await declareHourly(database);
  await database.query(
    `select silver.create_rollup_table('public.readings', 'public', 'two_hourly', '2 hours', start_from => '2001-01-01Z', safety_buffer => '0')`,
  );
  const [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
  const [source] = await dueSources(onSlonik(pool));
  if (source === undefined) throw new Error('no source is due');
  await planSource({ pool, boss, config: testConfig(database.url) }, source, 0);
  await boss.stop({ graceful: false });
  await pool.end();
  const chunks = await database.query<{ chunk_id: string; rollup_id: number }>(
    'select distinct on (rollup_id) chunk_id, rollup_id from silver.timeseries_chunk order by rollup_id desc',
  );
  expect(chunks).toHaveLength(2);
  const [last, first] = chunks.map(({ rollup_id }) => rollup_id);

  const holder = await database.connect();
  await holder.query('begin');
  await holder.query('select from silver.timeseries_progress where rollup_id = $1 for update', [
    first,
  ]);
  const batch = await database.connect();
  const ran = batch.query<{ outcome: string }>(
    `select outcome from silver.run_chunks($1::bigint[], 'w', '{1,1}', 60000)`,
    [chunks.map(({ chunk_id }) => chunk_id)],
  );
  await waitUntil(
    'it waits for the row',
    async () =>
      (
        await database.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%run_chunks%' and datname = current_database()`,
        )
      ).length === 1,
  );
  // Whoever has this one and wants the other does not meet it in a circle.
  await holder.query(
    'select from silver.timeseries_progress where rollup_id = $1 for update nowait',
    [last],
  );
  await holder.query('rollback');
  expect((await ran).rows).toEqual([{ outcome: 'completed' }, { outcome: 'completed' }]);
});
