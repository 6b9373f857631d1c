import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OtlpCollector, startOtlpCollector } from '../../support/otlp-collector.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { endProcess } from '../silver-under-test.ts';
import { type Serving, startServing } from './start-serving.ts';

const database = useDatabase();
let collector: OtlpCollector;
const workers: Serving[] = [];
const startWorker = async (variables: Record<string, string>) => {
  const worker = await startServing(database.url, 'worker', {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_METRIC_EXPORT_INTERVAL: '300',
    OTEL_METRIC_EXPORT_TIMEOUT: '300',
    ...variables,
  });
  workers.push(worker);
  return worker;
};
const pushed = () =>
  new Set(
    collector.metrics
      .filter(({ name }) => name === 'silver.worker.slots')
      .flatMap(({ values }) => values.map(({ value }) => value)),
  );
const scraped = async ({ url }: Serving) => (await fetch(`${url}/metrics`)).text();

beforeAll(async () => {
  collector = await startOtlpCollector();
});
afterAll(async () => {
  await Promise.all(workers.map(({ child }) => endProcess(child, 'SIGKILL')));
  await collector.close();
});

it('measures are scraped and pushed at once where that is asked for by name, else scraped alone', {
  timeout: 180_000,
}, async () => {
  const scrapedAlone = await startWorker({ SILVER_WORKER_CONCURRENCY: '3' });
  const both = await startWorker({
    SILVER_WORKER_CONCURRENCY: '5',
    OTEL_METRICS_EXPORTER: 'otlp',
  });
  expect(await scraped(scrapedAlone)).toMatch(/^silver_worker_slots 3$/m);
  expect(await scraped(both)).toMatch(/^silver_worker_slots 5$/m);
  await waitUntil('one of them pushes', async () => pushed().has(5), 60_000);
  // A program that ends sends what it has left: had the other anything to push, it would come now.
  await Promise.all([endProcess(scrapedAlone.child), endProcess(both.child)]);
  expect([...pushed()]).toEqual([5]);
});
