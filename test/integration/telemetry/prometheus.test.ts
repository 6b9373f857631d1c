import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardQueries } from '../../deploy/dashboard-queries.ts';
import { findProgram } from '../../support/find-program.ts';
import { type Prometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly } from '../readings.ts';
import { endProcess } from '../silver-under-test.ts';
import { startServing } from './start-serving.ts';

const program = findProgram('prometheus', "Debian's package prometheus");
const rules = join(import.meta.dirname, '../../../deploy/prometheus/alerts.yaml');

describe.skipIf(program === undefined)(
  'a real Prometheus, and the alerts that ship',
  { timeout: 180_000 },
  () => {
    const database = useDatabase();
    const processes: ChildProcess[] = [];
    let prometheus: Prometheus;
    const start = async (name: 'scheduler' | 'worker') => {
      const { child, url } = await startServing(database.url, name);
      processes.push(child);
      await prometheus.scrape(name, new URL(url).host);
    };
    const firing = async () =>
      (await prometheus.alerts())
        .filter(({ state }) => state === 'firing')
        .map(({ labels, name }) => `${name} ${labels['silver_target'] ?? ''}`.trim())
        .toSorted();
    const untilFiring = (...names: string[]) =>
      waitUntil(
        `${names.join(', ') || 'nothing'} fires`,
        async () => {
          const now = await firing();
          return JSON.stringify(now) === JSON.stringify(names);
        },
        120_000,
      ).catch(async (error) => {
        throw new Error(`${error.message}; firing: ${await firing()}`);
      });

    const untilFailures = (failures: number) =>
      waitUntil(`there were ${failures} failures`, async () => {
        const counter = 'sum(silver_chunk_failures_total{db_response_status_code="22003"})';
        return (await prometheus.query(counter))[0]?.value === failures;
      });

    beforeAll(async () => {
      await createReadings(database, 48);
      await declareHourly(database, ", max_retries => 0, processing_window => '24 hours'");
      await database.query(`
      update silver.timeseries_rollup_config set alert_threshold = '1 second';
      create function public.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'not this one' using errcode = '22003'; end $$;
      create trigger refuse before insert on public.hourly for each row
        when (new.timestamp < '2001-01-02Z') execute function public.refuse()`);
      prometheus = await startPrometheus(program ?? '', rules);
    });
    afterAll(async () => {
      await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
      await prometheus?.close();
    });

    it('without a scheduler: that none is measured', () => untilFiring('SilverNoScheduler'));

    it('with a scheduler alone: no worker, and a rollup that is late', async () => {
      await start('scheduler');
      await untilFiring('SilverNoWorker', 'SilverRollupLate public.hourly');
    });

    it('with a worker: the chunk that dies, for which the rollup stays late', async () => {
      await start('worker');
      await untilFiring('SilverChunkDead public.hourly', 'SilverRollupLate public.hourly');
      const [alert] = (await prometheus.alerts()).filter(({ name }) => name === 'SilverChunkDead');
      expect(alert?.annotations['summary']).toBe('1 chunks of public.hourly are dead');
      await waitUntil(
        'both programs are scraped',
        async () => (await prometheus.healthyTargets()).length === 2,
      );
      await untilFailures(1);
      // Once more: Prometheus sees an increase only of what it has seen before.
      await database.query("select silver.reset_rollup_retry('public.hourly')");
      await untilFailures(2);
    });

    it('after the cause is mended and the chunk retried: nothing', async () => {
      await database.query(`
      drop trigger refuse on public.hourly;
      select silver.reset_rollup_retry('public.hourly')`);
      await untilFiring();
      const [lag] = await prometheus.query('silver_rollup_lag_seconds');
      expect(lag).toMatchObject({ metric: { silver_target: 'public.hourly' }, value: 0 });
    });

    /** Only where chunks lost their jobs, where there is a replica, and under load. */
    const silent =
      /silver_chunk_healed_total|silver_database_replay_lag_seconds|silver_backpressure_causes_total/;

    it('answers every query of the dashboards', async () => {
      const empty: string[] = [];
      const queries = dashboardQueries();
      for (const { expression } of queries) {
        const answered = async () =>
          (await prometheus.query(expression)).length > 0 || silent.test(expression);
        await waitUntil(expression, answered, 20_000).catch(() => empty.push(expression));
      }
      expect(queries.length).toBeGreaterThan(40);
      expect(empty).toEqual([]);
    });
  },
);
