import { pause } from '@silver/shared';
import { emptyTable } from '../data/empty-table.ts';
import { residentMb } from '../fleet/resident-memory.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { type BenchContext, isTrial, type Scenario } from '../scenario.ts';

/** Resident memory of a scheduler and a worker, after a tenth of many small chunks and after all of them. */
export const memory: Scenario = {
  name: 'memory',
  description: 'resident memory after 1,000 and after 10,000 chunks',
  ratios: [],
  limits: [
    { name: 'a worker, MB', variant: 'all', detail: 'workerMb', wanted: 120 },
    { name: 'a worker: all chunks / a tenth', variant: 'all', detail: 'workerGrowth', wanted: 1.1 },
    {
      name: 'a scheduler: all chunks / a tenth',
      variant: 'all',
      detail: 'schedulerGrowth',
      wanted: 1.1,
    },
  ],
  run: (context) => inRounds(context, measureRound),
};

async function measureRound(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const chunks = isTrial(context) ? 100 : 10_000;
  await using copy = await context.copyOf(emptyTable);
  await copy.client.query(
    `insert into public.readings select timestamptz '2025-01-01 00:00Z' + minute * interval '1 minute', 1
     from generate_series(0, $1::integer - 1) as minute`,
    [chunks],
  );
  await copy.client.query('analyze public.readings');
  await using fleet = await startFleet(copy, 1, context.signal);
  const startedAt = performance.now();
  await declareRollup(copy, {
    source: 'public.readings',
    target: 'by_minute',
    interval: '1 minute',
    startFrom: '2025-01-01T00:00Z',
    dimensions: [],
    others: {
      processing_window: "'1 minute'",
      target_chunk_duration: "'1 microsecond'", // windows never grow
      max_in_flight: '32',
      partition_interval: "'0'",
    },
  });
  const now = async () => {
    const { rows } = await copy.client.query<{ chunks: number }>(
      'select count(*)::float8 as chunks from silver.timeseries_refresh_log',
    );
    const [schedulerMb = Number.NaN, workerMb = Number.NaN] = fleet.members.map(residentMb);
    return { chunks: rows[0]?.chunks ?? 0, schedulerMb, workerMb };
  };
  let first = await now();
  while (first.chunks < chunks / 10) {
    await pause(100, context.signal);
    first = await now();
  }
  const firstMs = performance.now() - startedAt;
  await fleet.untilSettled();
  const last = await now();
  const growth = {
    workerGrowth: last.workerMb / first.workerMb,
    schedulerGrowth: last.schedulerMb / first.schedulerMb,
  };
  return [
    { variant: 'a tenth', durationMs: firstMs, details: first },
    { variant: 'all', durationMs: performance.now() - startedAt, details: { ...last, ...growth } },
  ];
}
