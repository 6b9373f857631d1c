import {
  type BucketRun,
  clipBucketRuns,
  countBuckets,
  defaultWindowLimits,
  type PendingWork,
  sizeWindow,
} from '@silver/shared';
import { type CutOptions, cutRuns } from './cut-runs.ts';

export interface PlanOptions {
  /** Cap on the chunks in flight, beside the rollup's own. */
  readonly maxInFlight: number;
  /** Most chunks of a backfill, beside its own limit; default: no other limit. */
  readonly backfillRoom?: number;
  /** 1: the database is at ease; below 1: chunks are to be that much smaller. */
  readonly pressure: number;
  /** Counts the plans of a rollup: with room for one chunk only, forward and late take turns. */
  readonly turn: number;
}

export interface PlannedChunk {
  readonly reason: 'forward' | 'late' | 'backfill';
  readonly runs: readonly BucketRun[];
  /** The order a backfill's chunk was cut for. */
  readonly backfillId: string | null;
}

export interface Plan {
  /** The window now in force. */
  readonly windowBuckets: number;
  readonly chunks: readonly PlannedChunk[];
}

/** Most runs one chunk gathers: about where one statement per chunk stops paying (and text stays short). */
const maxRunsPerChunk = 1_000;
/** No chunk takes more of what is left than this, divided by the chunks in flight. */
const largestShare = 2;
/** Nor is work shared out into chunks shorter than this part of the target duration. */
const smallestShare = 1 / 4;

/**
 * Cuts one rollup's pending work into the chunks to enqueue now. Pure: the same work and options give the same plan.
 *
 * - Forward work is cut oldest first, so that the watermark moves; late work newest first, for that is what people
 *   look at. They take turns, so neither starves the other.
 * - Late work that is computed by group is cut into chunks of as many more buckets as that is less work.
 * - A backfill is cut after them, from whichever end was ordered, into a room of its own: it takes none of live work's.
 * - What lies outside the extent of the source's rows is empty: each side is one chunk, however long.
 * - Every chunk is whole buckets, no two share one, and no more are made than there is room for in flight.
 */
export function planChunks(
  work: PendingWork,
  { backfillRoom = Number.POSITIVE_INFINITY, maxInFlight, pressure, turn }: PlanOptions,
): Plan {
  const windowBuckets = sizeWindow({
    windowBuckets: work.windowBuckets,
    averages: work.averages,
    targetDurationMs: work.targetDurationMs,
    estimatedDensity: work.estimatedDensity,
    limits: defaultWindowLimits,
    pressure,
  });
  const room = Math.min(work.maxInFlight, maxInFlight) - work.inFlight;
  const size = shareOut(work, windowBuckets);
  const queues = [
    { reason: 'forward' as const, pieces: cutHistory(work.forward, 'oldest-first', work, size) },
    {
      reason: 'late' as const,
      pieces: cutRuns(work.late, {
        size: () => Math.floor(size() * work.lateScale),
        maxRuns: maxRunsPerChunk,
        direction: 'newest-first',
      }),
    },
  ];
  const chunks: PlannedChunk[] = [];
  for (let next = turn; chunks.length < room && queues.length > 0; next += 1) {
    const index = next % queues.length;
    const queue = queues[index] as (typeof queues)[number];
    const piece = queue.pieces.next();
    if (piece.done) {
      queues.splice(index, 1);
    } else {
      chunks.push({ reason: queue.reason, runs: piece.value, backfillId: null });
    }
  }
  chunks.push(...planBackfill(work, backfillRoom, windowBuckets));
  return { windowBuckets, chunks };
}

function planBackfill(
  work: PendingWork,
  backfillRoom: number,
  windowBuckets: number,
): readonly PlannedChunk[] {
  if (work.backfill === null) {
    return [];
  }
  const { direction, id, room, runs } = work.backfill;
  const size = shareOut({ ...work, forward: runs, late: [] }, windowBuckets);
  const pieces = cutHistory(runs, direction, work, size).take(
    Math.max(0, Math.min(room, backfillRoom)),
  );
  return [...pieces].map((piece) => ({ reason: 'backfill', runs: piece, backfillId: id }));
}

/** A stretch of history from one end: the empty part before the data, the data, the empty part behind it, or the reverse. */
function* cutHistory(
  runs: readonly BucketRun[],
  direction: CutOptions['direction'],
  { extent, partitions }: PendingWork,
  size: () => number,
): Generator<readonly BucketRun[], undefined> {
  const cut = { maxRuns: maxRunsPerChunk, direction };
  if (extent === null) {
    yield* cutRuns(runs, { ...cut, size, partitions });
    return;
  }
  const whole = { ...cut, size: () => Number.POSITIVE_INFINITY };
  const stretches = [
    cutRuns(clipBucketRuns(runs, Number.NEGATIVE_INFINITY, extent.from), whole),
    cutRuns(clipBucketRuns(runs, extent.from, extent.to), { ...cut, size, partitions }),
    cutRuns(clipBucketRuns(runs, extent.to, Number.POSITIVE_INFINITY), whole),
  ];
  for (const stretch of direction === 'oldest-first' ? stretches : stretches.toReversed()) {
    yield* stretch;
  }
}

/**
 * The size of the next chunk to cut, asked once for each: the window, or less where that would leave workers without
 * work at the end of a backlog: guided self-scheduling, chunks that become smaller with what is left (Polychronopoulos
 * and Kuck, 1987). Before the first chunk was measured nothing is known about a share's cost, and the window is small.
 */
function shareOut(work: PendingWork, windowBuckets: number): () => number {
  const { averages, extent, forward, late, maxInFlight, targetDurationMs } = work;
  if (averages === null) {
    return () => windowBuckets;
  }
  const inside = extent === null ? forward : clipBucketRuns(forward, extent.from, extent.to);
  const smallest = Math.ceil(
    (targetDurationMs * smallestShare * averages.buckets) / Math.max(averages.durationMs, 0.01),
  );
  let left = countBuckets(inside) + countBuckets(late);
  return () => {
    const share = Math.max(Math.ceil((left * largestShare) / maxInFlight), smallest);
    const size = Math.max(1, Math.min(windowBuckets, share));
    left -= size;
    return size;
  };
}
