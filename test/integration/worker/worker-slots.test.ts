import { startScheduler } from '@silver/scheduler';
import type { Service } from '@silver/shared';
import { startWorker } from '@silver/worker';
import { afterAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled, mismatches } from '../readings.ts';
import { quietLogger, testConfig } from '../silver-under-test.ts';

describe('the slots of a worker', () => {
  const database = useDatabase();
  const services: Service[] = [];
  afterAll(() => Promise.all(services.map((service) => service.stop())));

  it('take job after job: neither a notification nor a poll is waited for in between', async () => {
    await createReadings(database, 200);
    await declareHourly(database, ", processing_window => '10 hours', max_in_flight => 30");
    // With nobody to work, everything is planned at once: one notification for all of it.
    services.push(await startScheduler(testConfig(database.url), quietLogger()));
    const planned = () =>
      database.query<{ n: number }>('select count(*)::integer as n from silver.timeseries_chunk');
    await waitUntil('the chunks are planned', async () => ((await planned())[0]?.n ?? 0) > 15);

    const patient = { SILVER_POLL_INTERVAL_MS: '60000', SILVER_WORKER_CONCURRENCY: '2' };
    services.push(await startWorker(testConfig(database.url, patient), quietLogger()));
    await waitUntil('everything is settled', () => isSettled(database), 20_000);
    expect(await mismatches(database)).toEqual([]);
  });

  it('are bounded: no more chunks run at once than there are slots', async () => {
    const [{ most } = { most: 0 }] = await database.query<{ most: number }>(`
      select max(beside)::integer as most from (
        select count(*) as beside from silver.timeseries_refresh_log a
        join silver.timeseries_refresh_log b on b.started_at <= a.started_at and b.finished_at > a.started_at
        group by a.refresh_id) as n`);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2);
  });
});
