import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';

const database = useDatabase();

const refreshes = () =>
  database.query('select from silver.timeseries_refresh_log where rows_read > 0');

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
});

it('waits for those who write below the horizon while the grace lasts, and computes once', async () => {
  await database.query(`update silver.timeseries_tracked_source set drain_grace = '10 minutes'`);
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1000)`);
  const call = await database.connect();
  const called = call.query('call silver.run_rollups()');
  await waitUntil('the writer was noted', async () => {
    const noted = await database.query(
      'select from silver.timeseries_drain where cardinality(writers) = 1',
    );
    return noted.length > 0;
  });
  expect(await refreshes()).toEqual([]);
  await writer.query('commit');
  await called;
  expect(await refreshes()).toHaveLength(1);
  expect(await mismatches(database)).toEqual([]);
});

it('goes on without them when it is over; a later call computes that range once more', async () => {
  await database.query(
    `update silver.timeseries_tracked_source set drain_grace = '0', horizon = '-infinity'`,
  );
  await database.query(`update silver.timeseries_progress set covered = '{}', dirty = '{}'`);
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into public.readings values ('2001-01-01 06:00:30Z', 'd0', 1000)`);
  const call = await database.connect();
  await call.query('call silver.run_rollups()');
  const sixth = (relation: string) =>
    database.query(
      `select row_count::int as rows from public.${relation} where timestamp = '2001-01-01 06:00Z' and device = 'd0'`,
    );
  expect(await sixth('hourly')).toEqual([{ rows: 20 }]);
  await writer.query('commit');
  expect(await sixth('hourly_live')).toEqual([{ rows: 21 }]);
  await call.query('call silver.run_rollups()');
  expect(await sixth('hourly')).toEqual([{ rows: 21 }]);
  expect(await mismatches(database)).toEqual([]);
});
