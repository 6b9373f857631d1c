import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';

const database = useDatabase();

const state = () =>
  database.query(`select (select jsonb_agg(to_jsonb(p) order by p.rollup_id) from silver.timeseries_progress p) as progress,
    (select jsonb_agg(to_jsonb(r) order by r.rollup_id) from silver.timeseries_rollup_config r) as config,
    (select jsonb_agg(s.horizon) from silver.timeseries_tracked_source s) as horizon,
    (select count(*)::int from silver.timeseries_refresh_log) as refreshes,
    (select count(*)::int from silver.timeseries_drain) as drains,
    (select count(*)::int from silver.timeseries_chunk) as chunks,
    (select count(*)::int from public.hourly) as rows`);

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
});

it('rolled back, it has done nothing', async () => {
  const before = await state();
  await database.query('begin');
  expect(await callRollups(database, 'perform_rollup')).toMatchObject([{ failed: 0 }]);
  expect(await state()).not.toEqual(before);
  await database.query('rollback');
  expect(await state()).toEqual(before);
});

it.each(['repeatable read', 'serializable'])('refuses to run at %s', async (level) => {
  await database.query(`begin isolation level ${level}`);
  await expect(callRollups(database, 'perform_rollup')).rejects.toMatchObject({
    code: '25001',
    message: expect.stringContaining(level),
    hint: expect.stringContaining('run_rollups'),
  });
  await database.query('rollback');
});

it('computes beside a writer that has not ended, keeps the live view right, and is right itself after the next call', async () => {
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1000)`);
  expect(await callRollups(database, 'perform_rollup')).toMatchObject([
    { rows_read: 24 * 60, failed: 0 },
  ]);
  await writer.query('commit');
  const fifth = (relation: string) =>
    database.query(
      `select row_count::int as rows, max_value::int as most from public.${relation} where timestamp = '2001-01-01 05:00Z' and device = 'd0'`,
    );
  expect(await fifth('hourly_live')).toEqual([{ rows: 21, most: 1000 }]);
  expect(await fifth('hourly')).toEqual([{ rows: 20, most: expect.any(Number) }]);
  await callRollups(database, 'perform_rollup');
  expect(await fifth('hourly')).toEqual([{ rows: 21, most: 1000 }]);
  expect(await mismatches(database)).toEqual([]);
});
