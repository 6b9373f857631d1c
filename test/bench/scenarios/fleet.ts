import { pause } from '@silver/shared';
import { dataEnd, dataStart, readings } from '../data/readings.ts';
import { explainRefreshes } from '../fleet/explain-refreshes.ts';
import { cpuMsBetween, usedBy } from '../fleet/process-load.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { type Fleet, startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { type BenchContext, isTrial, type Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { groupByHand } from '../server/group-by-hand.ts';
import { runByHand, windowsOf } from '../server/run-by-hand.ts';
import { dimensions, metrics } from './fill.ts';

const workerCounts = [1, 2, 4, 8];

/**
 * What the fleet itself costs: chunks of one minute each, by more and more workers, against the same windows in bare SQL; the time from
 * a bucket's end to its being visible; and the load of a fleet that has nothing to do.
 */
export const fleet: Scenario = {
  name: 'fleet',
  description: 'the cost of a chunk, of freshness and of idling',
  ratios: workerCounts.slice(1).map((workers) => ({
    name: `${workers} workers / 1 worker`,
    of: `${workers} workers`,
    to: '1 worker',
    wanted: null,
  })),
  limits: [
    {
      name: 'added cost of a chunk, ms',
      variant: '1 worker',
      detail: 'addedMsPerChunk',
      wanted: 4,
    },
    {
      name: 'bucket closed to visible, 99th of 100, ms',
      variant: 'fresh',
      detail: 'p99Ms',
      wanted: 150,
    },
    { name: 'idle fleet, % of a core', variant: 'idle', detail: 'percentOfCore', wanted: 1 },
    {
      name: 'idle fleet, transactions a second',
      variant: 'idle',
      detail: 'transactionsPerSecond',
      wanted: 5,
    },
  ],
  run: (context) => inRounds(context, measureRound),
};

async function measureRound(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  const bareMs = await bareChunks(context);
  const isSmall = isTrial(context);
  for (const workers of isSmall ? workerCounts.slice(0, 2) : workerCounts) {
    measured.push(await tinyChunks(context, workers, bareMs));
  }
  await using copy = await context.copyOf(readings);
  await using running = await startFleet(copy, 1, context.signal);
  measured.push(await freshness(copy, isSmall ? 4 : 30, context.signal));
  measured.push(await idle(copy, running, isSmall ? 1_000 : 10_000));
  return measured;
}

/** The windows of one minute each, one after the other by hand: milliseconds a window. */
async function bareChunks({ copyOf, rows, signal }: BenchContext): Promise<number> {
  await using copy = await copyOf(readings);
  const from = Date.parse(`${dataStart.replace(' ', 'T')}:00`);
  const windows = windowsOf(from, Date.parse(dataEnd(rows)), Number.POSITIVE_INFINITY, 60_000);
  const statement = groupByHand({
    source: 'public.readings',
    target: 'public.by_hand',
    interval: '1 minute',
    dimensions,
    metrics,
  });
  return (await runByHand(copy, statement, windows, signal)).durationMs / windows.length;
}

async function tinyChunks(
  { copyOf, signal }: BenchContext,
  workers: number,
  bareMs: number,
): Promise<MeasuredVariant> {
  await using copy = await copyOf(readings);
  await using running = await startFleet(copy, workers, signal);
  await declareRollup(copy, {
    source: 'public.readings',
    target: 'by_minute',
    interval: '1 minute',
    startFrom: dataStart,
    dimensions: Object.keys(dimensions),
    others: {
      processing_window: "'1 minute'",
      target_chunk_duration: "'1 ms'",
      max_in_flight: '32',
    },
  });
  const startedAt = performance.now();
  await running.untilSettled();
  const durationMs = performance.now() - startedAt;
  const { busyMs = 0, chunks = 1 } = await explainRefreshes(copy, 'public.by_minute');
  return {
    variant: workers === 1 ? '1 worker' : `${workers} workers`,
    durationMs,
    details: {
      chunks,
      chunksPerSecond: (chunks / durationMs) * 1000,
      msPerChunk: (durationMs * workers) / chunks,
      sqlMsPerChunk: busyMs / chunks,
      bareMsPerChunk: bareMs,
      addedMsPerChunk: durationMs / chunks - bareMs,
    },
  };
}

/** A bucket a second, rows arriving all the while: how long after its end each is in the table. */
async function freshness(
  copy: DatabaseCopy,
  seconds: number,
  signal: AbortSignal,
): Promise<MeasuredVariant> {
  await copy.client.query(
    'create table public.ticks (at timestamptz not null, value integer not null)',
  );
  await copy.client.query('create index on public.ticks (at)');
  await declareRollup(copy, {
    source: 'public.ticks',
    target: 'by_second',
    interval: '1 second',
    startFrom: 'now',
    dimensions: [],
    others: { safety_buffer: "'0'", partition_interval: "'0'" },
  });
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000) {
    await copy.client.query('insert into public.ticks values (clock_timestamp(), 1)');
    await pause(20, signal);
  }
  const durationMs = performance.now() - startedAt;
  const { rows: seen } = await copy.client.query<Record<string, number>>(
    `select count(*)::float8 as buckets, percentile_cont(0.5) within group (order by ms) as "p50Ms",
       percentile_cont(0.99) within group (order by ms) as "p99Ms"
     from (
       select extract(epoch from finished_at - upper(ranges)) * 1000 as ms
       from silver.timeseries_refresh_log where reason = 'forward' and rows_read > 0
       order by finished_at offset 1
     ) as one`,
  );
  await copy.client.query(`select silver.drop_rollup('public.by_second', true)`);
  return { variant: 'fresh', durationMs, details: seen[0] ?? {} };
}

async function idle(copy: DatabaseCopy, running: Fleet, idleMs: number): Promise<MeasuredVariant> {
  await pause(2_000); // what was just dropped is looked at once more
  const before = await usedBy(copy, running.members);
  await pause(idleMs);
  const after = await usedBy(copy, running.members);
  const seconds = idleMs / 1000;
  return {
    variant: 'idle',
    durationMs: idleMs,
    details: {
      percentOfCore: (cpuMsBetween(before, after) / seconds / 1000) * 100,
      transactionsPerSecond: (after.transactions - before.transactions) / seconds,
    },
  };
}
