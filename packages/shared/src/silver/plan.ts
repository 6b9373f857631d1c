import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import { type ChunkReason, chunkReason } from '../job/chunk-job.ts';
import { type BucketRun, formatBucketRuns, parseBucketRuns } from '../window/bucket-runs.ts';
import { count, countOrNull, int8, parsedRows, parsedValue } from './rows.ts';

// The calls of a tick, in its order. Their contracts, and the locks they take, head the files in sql/functions/plan.

const dueSource = z
  .object({ source_id: z.int(), source_name: z.string() })
  .transform((row) => ({ sourceId: row.source_id, sourceName: row.source_name }));
export type DueSource = z.output<typeof dueSource>;

/** Sources with something to do now. */
export async function dueSources(executor: Executor): Promise<readonly DueSource[]> {
  return parsedRows(executor, dueSource, 'select * from silver.due_sources()');
}

/** Sources to look at by number, and all those of higher numbers than `beyond`. */
export interface LookRequest {
  readonly sources: readonly number[];
  readonly beyond: number;
}

const lookedAtRow = z
  .object({
    source_id: z.int(),
    source_name: z.string(),
    is_due: z.boolean(),
    is_at_rest: z.boolean(),
    due_in_ms: z.number().nullable(),
  })
  .transform((row) => ({
    sourceId: row.source_id,
    sourceName: row.source_name,
    isDue: row.is_due,
    isAtRest: row.is_at_rest,
    dueInMs: row.due_in_ms,
  }));
/** What a look found at a source. `dueInMs`: until something falls due by itself, by the database's clock; null: nothing will. */
export type LookedAt = z.output<typeof lookedAtRow>;

/** Looks at some sources, and at those that others wrote to, however many there are. */
export async function lookForWork(
  executor: Executor,
  { beyond, sources }: LookRequest,
): Promise<readonly LookedAt[]> {
  const text = 'select * from silver.look($1::integer[], $2::integer)';
  return parsedRows(executor, lookedAtRow, text, [`{${sources.join(',')}}`, beyond]);
}

/** Moves the source's horizon if a bucket fell due. Must be committed before the rest of the tick begins. */
export async function advanceHorizon(executor: Executor, sourceId: number): Promise<boolean> {
  return parsedValue(executor, z.boolean(), 'select silver.advance_horizon($1) as value', [
    sourceId,
  ]);
}

const turnRow = z
  .object({
    locked: z.boolean(),
    noted: count.nullable(),
    settled: count.nullable(),
    consumed: count.nullable(),
    awaited: count.nullable(),
  })
  .transform((row) => ({
    isLocked: row.locked,
    noted: row.noted ?? 0,
    settled: row.settled ?? 0,
    consumed: row.consumed ?? 0,
    awaited: row.awaited ?? 0,
  }));
/** How a source's turn began. All zero unless it is locked: another scheduler plans it. */
export type Turn = z.output<typeof turnRow>;

/**
 * Takes the source for this transaction, notes who may still write below a horizon that moved, settles the drains whose writers have ended, and
 * moves the log into `dirty` of every rollup of the source.
 */
export async function openTurn(executor: Executor, sourceId: number): Promise<Turn> {
  const text = 'select * from silver.open_turn($1::integer)';
  const [row] = await parsedRows(executor, turnRow, text, [sourceId]);
  return row ?? { isLocked: false, noted: 0, settled: 0, consumed: 0, awaited: 0 };
}

const pendingWorkRow = z
  .object({
    rollup_id: z.int(),
    target_name: z.string(),
    priority: z.int(),
    max_in_flight: z.int(),
    in_flight: count,
    all_in_flight: count,
    max_retries: z.int(),
    retry_delay_s: z.int(),
    retry_delay_max_s: z.int(),
    chunk_timeout_ms: z.number(),
    forward: z.string().transform(parseBucketRuns),
    late: z.string().transform(parseBucketRuns),
    backfill: z.string().transform(parseBucketRuns),
    backfill_id: int8.nullable(),
    backfill_direction: z.enum(['newest-first', 'oldest-first']).nullable(),
    backfill_priority: z.int().nullable(),
    backfill_room: z.int().nullable(),
    window_buckets: countOrNull,
    late_scale: z.number(),
    target_duration_ms: z.number(),
    avg_duration_ms: z.number().nullable(),
    avg_rows: z.number().nullable(),
    avg_buckets: z.number().nullable(),
    data_from: countOrNull,
    data_to: countOrNull,
    estimated_density: z.number().nullable(),
    partition_buckets: countOrNull,
    partition_offset: countOrNull,
  })
  .transform((row) => ({
    rollupId: row.rollup_id,
    targetName: row.target_name,
    priority: row.priority,
    maxInFlight: row.max_in_flight,
    inFlight: row.in_flight,
    allInFlight: row.all_in_flight,
    retry: {
      maxRetries: row.max_retries,
      retryDelayS: row.retry_delay_s,
      retryDelayMaxS: row.retry_delay_max_s,
    },
    chunkTimeoutMs: row.chunk_timeout_ms,
    forward: row.forward,
    late: row.late,
    /** The order whose turn it is, beside live work and below it; null: there is none that may plan a chunk now. */
    backfill:
      row.backfill_id === null
        ? null
        : {
            id: row.backfill_id,
            runs: row.backfill,
            direction: row.backfill_direction ?? 'newest-first',
            priority: row.backfill_priority ?? 0,
            room: row.backfill_room ?? 0,
          },
    windowBuckets: row.window_buckets,
    /** How many times the buckets of a chunk a late one may hold: they are computed by group. */
    lateScale: row.late_scale,
    targetDurationMs: row.target_duration_ms,
    averages:
      row.avg_duration_ms === null || row.avg_rows === null || row.avg_buckets === null
        ? null
        : { durationMs: row.avg_duration_ms, rows: row.avg_rows, buckets: row.avg_buckets },
    extent:
      row.data_from === null || row.data_to === null
        ? null
        : { from: row.data_from, to: row.data_to },
    estimatedDensity: row.estimated_density,
    partitions:
      row.partition_buckets === null || row.partition_offset === null
        ? null
        : { buckets: row.partition_buckets, offset: row.partition_offset },
  }));
/** What is pending for one rollup, in bucket numbers, and what is known about its chunks so far. */
export type PendingWork = z.output<typeof pendingWorkRow>;

/** What is pending for each rollup of the source. */
export async function pendingWork(
  executor: Executor,
  sourceId: number,
): Promise<readonly PendingWork[]> {
  return parsedRows(executor, pendingWorkRow, 'select * from silver.pending_work($1)', [sourceId]);
}

const enqueuedChunk = z
  .object({ chunk_id: int8, job_id: z.uuid(), reason: chunkReason, buckets: z.string() })
  .transform((row) => ({
    chunkId: row.chunk_id,
    jobId: row.job_id,
    reason: row.reason,
    buckets: row.buckets,
  }));
export type EnqueuedChunk = z.output<typeof enqueuedChunk>;

/** A chunk as the planner cut it, with the traceparent of its trace. */
export interface ChunkToEnqueue {
  readonly reason: ChunkReason;
  readonly runs: readonly BucketRun[];
  readonly trace: string | null;
  /** The order it was cut for; only with the reason `backfill`. */
  readonly backfillId: string | null;
}

/** Writes the chunks down as in flight and keeps the window they were cut with. */
export async function enqueueChunks(
  executor: Executor,
  rollupId: number,
  windowBuckets: number,
  chunks: readonly ChunkToEnqueue[],
): Promise<readonly EnqueuedChunk[]> {
  const rows = chunks.map(({ backfillId, reason, runs, trace }) => ({
    reason,
    buckets: formatBucketRuns(runs),
    trace,
    backfill: backfillId,
  }));
  const text = 'select * from silver.enqueue_chunks($1, $2, $3::jsonb)';
  return parsedRows(executor, enqueuedChunk, text, [rollupId, windowBuckets, JSON.stringify(rows)]);
}
