import { pause } from '@silver/shared';
import { dataEnd, dataStart, readings } from '../data/readings.ts';
import { bossAlone } from '../fleet/boss-alone.ts';
import { explainRefreshes, now } from '../fleet/explain-refreshes.ts';
import { type LatencyOptions, measureLatency } from '../fleet/measure-latency.ts';
import { cpuMsBetween, usedBy } from '../fleet/process-load.ts';
import { residentMb } from '../fleet/resident-memory.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { type Fleet, startFleet } from '../fleet/start-fleet.ts';
import { countStatements, forgetStatements, sentStatements } from '../fleet/statements.ts';
import { bookkeepingOf, walByPart, walEnd } from '../fleet/wal-by-part.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { type BenchContext, isTrial, type Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { groupByHand } from '../server/group-by-hand.ts';
import { runByHand, windowsOf } from '../server/run-by-hand.ts';
import { dimensions, indexes, metrics } from './fill.ts';

const workerCounts = [1, 2, 4, 8];

/**
 * What the fleet itself costs: chunks of one minute each, by more and more workers, against the same windows in bare SQL; what they write to the
 * log besides their rows, by part; the time from a bucket's end to its being visible; and the load of a fleet that has nothing to do.
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
    limit('added cost of a chunk, ms', '1 worker', 'addedMsPerChunk', 4),
    limit('WAL of the bookkeeping of an unchanged chunk', 'unchanged', 'walBytesPerChunk', 2_048),
    limit('the same without pg-boss', 'unchanged', 'walBytesWithoutBoss', 2_048),
    limit('bucket closed to visible, 1 rollup, 99th of 100, ms', 'fresh, 1 rollup', 'p99Ms', 150),
    limit('bucket closed to visible, many rollups, 99th of 100, ms', 'fresh, many', 'p99Ms', 500),
    limit('the same, two slots', 'fresh, many, two slots', 'p99Ms', 500),
    limit('idle fleet, % of a core', 'idle', 'percentOfCore', 1),
    limit('idle fleet, statements a second', 'idle', 'statementsPerSecond', 5),
    limit('idle fleet, bytes of WAL a second', 'idle', 'walBytesPerSecond', 1_000),
    limit('a worker, MB', 'idle', 'workerMb', 120),
  ],
  run: (context) => inRounds(context, measureRound),
};

function limit(name: string, variant: string, detail: string, wanted: number) {
  return { name, variant, detail, wanted };
}

async function measureRound(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  const bare = await bareChunks(context);
  const isSmall = isTrial(context);
  for (const workers of isSmall ? workerCounts.slice(0, 2) : workerCounts) {
    measured.push(...(await tinyChunks(context, workers, bare)));
  }
  await using copy = await context.copyOf(readings);
  measured.push(await bossAlone(copy, isSmall ? 32 : 640));
  await countStatements(copy);
  await using running = await startFleet(copy, 1, context.signal);
  const one = {
    variant: 'fresh, 1 rollup',
    rollups: 1,
    bucketSeconds: 1,
    buckets: isSmall ? 3 : 30,
  };
  measured.push(await measureLatency(copy, one, context.signal));
  measured.push(await idle(copy, running, isSmall ? 1_000 : 30_000));
  const many = isSmall
    ? { rollups: 2, bucketSeconds: 1, buckets: 2 }
    : { rollups: 200, bucketSeconds: 15, buckets: 4 };
  measured.push(await measureLatency(copy, { variant: 'fresh, many', ...many }, context.signal));
  measured.push(await manyByTwoSlots(context, many));
  return measured;
}

/** The same by one worker as it is by default, with two slots. */
async function manyByTwoSlots(
  { copyOf, signal }: BenchContext,
  many: Omit<LatencyOptions, 'variant'>,
): Promise<MeasuredVariant> {
  await using copy = await copyOf(readings);
  await using _running = await startFleet(copy, 1, signal, 2);
  return await measureLatency(copy, { variant: 'fresh, many, two slots', ...many }, signal);
}

interface Bare {
  readonly ms: number;
  readonly cpuMs: number;
}

/** The windows of one minute each, one after the other by hand: milliseconds a window. */
async function bareChunks({ copyOf, rows, signal }: BenchContext): Promise<Bare> {
  await using copy = await copyOf(readings);
  const from = Date.parse(`${dataStart.replace(' ', 'T')}:00`);
  const windows = windowsOf(from, Date.parse(dataEnd(rows)), Number.POSITIVE_INFINITY, 60_000);
  const statement = groupByHand({
    source: 'public.readings',
    target: 'public.by_hand',
    interval: '1 minute',
    dimensions,
    indexes,
    metrics,
  });
  const { details, durationMs } = await runByHand(copy, statement, windows, signal);
  return {
    ms: durationMs / windows.length,
    cpuMs: Number(details['cpuMs']) / windows.length,
  };
}

/** A chunk for each minute: the first fill, and, by one worker, all of it again with nothing changed. */
async function tinyChunks(
  { copyOf, rows, signal }: BenchContext,
  workers: number,
  bare: Bare,
): Promise<readonly MeasuredVariant[]> {
  await using copy = await copyOf(readings);
  await countStatements(copy);
  await using running = await startFleet(copy, workers, signal);
  const fill = await measureChunks(copy, running, () =>
    declareRollup(copy, {
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
    }),
  );
  const name = workers === 1 ? '1 worker' : `${workers} workers`;
  const added = {
    bareMsPerChunk: bare.ms,
    addedMsPerChunk: fill.durationMs / fill.chunks - bare.ms,
    bareCpuMsPerChunk: bare.cpuMs,
    workerMb: Math.max(...running.members.slice(1).map(residentMb)),
    schedulerMb: Math.max(...running.members.slice(0, 1).map(residentMb)),
  };
  const { durationMs } = fill;
  const filled = { variant: name, durationMs, details: { ...fill.details, ...added } };
  if (workers > 1) {
    return [filled];
  }
  const again = await measureChunks(copy, running, () =>
    copy.client.query(`select silver.invalidate('public.by_minute', $1, $2)`, [
      dataStart,
      dataEnd(rows),
    ]),
  );
  return [filled, { variant: 'unchanged', durationMs: again.durationMs, details: again.details }];
}

async function measureChunks(copy: DatabaseCopy, running: Fleet, begin: () => Promise<unknown>) {
  await copy.client.query('checkpoint');
  await forgetStatements(copy);
  const since = await now(copy);
  const walFrom = await walEnd(copy);
  const before = await usedBy(copy, running.members);
  const startedAt = performance.now();
  await begin();
  await running.untilSettled();
  const durationMs = performance.now() - startedAt;
  const cpuMs = cpuMsBetween(before, await usedBy(copy, running.members));
  const walTo = await walEnd(copy);
  const {
    busyMs = 0,
    chunks = 1,
    rowsRead = 0,
  } = await explainRefreshes(copy, 'public.by_minute', since);
  const sent = await sentStatements(copy);
  const wal = await walByPart(copy, walFrom, walTo, chunks);
  const perSecond = 1000 / durationMs;
  const details = {
    chunks,
    chunksPerSecond: chunks * perSecond,
    rowsPerSecond: rowsRead * perSecond,
    msPerChunk: durationMs / chunks,
    sqlMsPerChunk: busyMs / chunks,
    cpuMsPerChunk: cpuMs / chunks,
    statementsPerChunk: sent.reduce((sum, { calls }) => sum + calls, 0) / chunks,
    ...bookkeepingOf(wal),
    ...wal,
  };
  return { durationMs, chunks, details };
}

/** A fleet with nothing to do; what it sends most often stands in the report by its beginning. */
async function idle(copy: DatabaseCopy, running: Fleet, idleMs: number): Promise<MeasuredVariant> {
  await pause(2_000); // what was just dropped is looked at once more
  const before = await usedBy(copy, running.members);
  const walFrom = await walEnd(copy);
  await forgetStatements(copy);
  await pause(idleMs);
  const sent = (await sentStatements(copy)).filter(
    ({ text }) => !text.includes('pg_stat_statements'),
  );
  const walTo = await walEnd(copy);
  const after = await usedBy(copy, running.members);
  const seconds = idleMs / 1000;
  const wal = bookkeepingOf(await walByPart(copy, walFrom, walTo, seconds));
  const [scheduler, worker] = running.members.map(residentMb);
  return {
    variant: 'idle',
    durationMs: idleMs,
    details: {
      percentOfCore: (cpuMsBetween(before, after) / seconds / 1000) * 100,
      statementsPerSecond: sent.reduce((sum, { calls }) => sum + calls, 0) / seconds,
      walBytesPerSecond: wal.walBytesPerChunk,
      schedulerMb: scheduler ?? 0,
      workerMb: worker ?? 0,
      ...Object.fromEntries(
        sent
          .slice(0, 8)
          .map(({ calls, text }) => [text.replace(/\s+/g, ' ').slice(0, 60), calls / seconds]),
      ),
    },
  };
}
