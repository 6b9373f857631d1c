import { z } from 'zod';
import type { Executor, SqlValue } from '../database/executor.ts';
import type { FailureDescription } from '../errors/describe-failure.ts';
import { chunkReason } from '../job/chunk-job.ts';
import type { Delivery } from '../job/chunk-jobs.ts';
import { count, int8, parsedRows, parsedValue } from './rows.ts';

// The life of a chunk after it was planned. Contracts and locks head the files in sql/functions/chunk.

/** One attempt at a chunk: which, by whom, and the how many-th, from 1. */
export interface Attempt {
  readonly chunkId: string;
  readonly workerId: string;
  readonly attempt: number;
}

export const startOutcome = z.enum(['started', 'superseded', 'deferred', 'held']);
export type StartOutcome = z.output<typeof startOutcome>;

/**
 * Announces an attempt, in a tiny transaction of its own so that everybody sees it run.
 * `superseded`: the chunk is gone or dead. `deferred`: another attempt holds it. `held`: its rollup keeps failing, and
 * another of its chunks is being tried.
 */
export async function startChunk(
  executor: Executor,
  attempt: Attempt,
  trace: string | null,
): Promise<StartOutcome> {
  const text = 'select silver.start_chunk($1::bigint, $2, $3::integer, $4) as value';
  return parsedValue(executor, startOutcome, text, [
    attempt.chunkId,
    attempt.workerId,
    attempt.attempt,
    trace,
  ]);
}

export const runResult = z
  .object({
    outcome: z.enum(['completed', 'superseded', 'deferred']),
    rollup_id: z.int().nullable(),
    buckets: count.nullable(),
    rows_read: count.nullable(),
    rows_inserted: count.nullable(),
    rows_updated: count.nullable(),
    rows_deleted: count.nullable(),
    duration_ms: z.number().nullable(),
  })
  .transform((row) => ({
    outcome: row.outcome,
    buckets: row.buckets ?? 0,
    rowsRead: row.rows_read ?? 0,
    rowsInserted: row.rows_inserted ?? 0,
    rowsUpdated: row.rows_updated ?? 0,
    rowsDeleted: row.rows_deleted ?? 0,
    durationMs: row.duration_ms ?? 0,
  }));
/** What running a chunk did. All zero unless `completed`. */
export type RunResult = z.output<typeof runResult>;

/** No row means that nothing was done. */
const nothingRun: RunResult = {
  outcome: 'superseded',
  buckets: 0,
  rowsRead: 0,
  rowsInserted: 0,
  rowsUpdated: 0,
  rowsDeleted: 0,
  durationMs: 0,
};

/** The statement that computes a chunk, as it is shown in the error log when it fails. */
export const runChunkText = 'select * from silver.run_chunk($1::bigint, $2, $3::integer)';

/** Computes the chunk and finishes it, in the transaction that also completes its job. */
export async function runChunk(executor: Executor, attempt: Attempt): Promise<RunResult> {
  const values = [attempt.chunkId, attempt.workerId, attempt.attempt];
  const [row] = await parsedRows(executor, runResult, runChunkText, values);
  return row ?? nothingRun;
}

const failOutcome = z.enum(['retrying', 'dead', 'superseded']);
export type FailOutcome = z.output<typeof failOutcome>;

/**
 * Logs a failed attempt and marks the chunk retrying, or dead when it was its last attempt or is hopeless, in a new
 * transaction after the roll-back.
 */
export async function failChunk(
  executor: Executor,
  attempt: Attempt,
  failure: FailureDescription,
  hopeless = false,
): Promise<FailOutcome> {
  const text = 'select silver.fail_chunk($1::bigint, $2, $3::integer, $4::jsonb, $5) as value';
  const values = [...valuesOf(attempt), JSON.stringify(failure), hopeless];
  return parsedValue(executor, failOutcome, text, values);
}

const chunkDescription = z
  .object({
    time_range: z.string(),
    ranges: count,
    trace: z.string().nullable(),
    failed_traces: z.array(z.string()),
  })
  .transform((row) => ({
    timeRange: row.time_range,
    ranges: row.ranges,
    trace: row.trace,
    failedTraces: row.failed_traces,
  }));
/** What the trace of an attempt tells of its chunk. */
export type ChunkDescription = z.output<typeof chunkDescription>;

/** What to tell of a chunk, and the traces of its attempts so far; undefined: it is gone. */
export async function describeChunk(
  executor: Executor,
  chunkId: string,
): Promise<ChunkDescription | undefined> {
  const text = 'select * from silver.describe_chunk($1::bigint)';
  return (await parsedRows(executor, chunkDescription, text, [chunkId]))[0];
}

/** Declares a chunk dead whose job is out of attempts. It keeps its buckets until it is retried or released. */
export async function buryChunk(
  executor: Executor,
  chunkId: string,
): Promise<'dead' | 'superseded'> {
  return parsedValue(
    executor,
    z.enum(['dead', 'superseded']),
    'select silver.bury_chunk($1::bigint) as value',
    [chunkId],
  );
}

/** Takes a chunk out of flight and gives what was covered of it back to `dirty`. False: there was none. */
export async function releaseChunk(executor: Executor, chunkId: string): Promise<boolean> {
  return parsedValue(executor, z.boolean(), 'select silver.release_chunk($1::bigint) as value', [
    chunkId,
  ]);
}

/** Chunks in flight and not dead that no job will ever deliver. */
export async function lostChunks(
  executor: Executor,
  queueSchema: string,
  queueName: string,
): Promise<readonly string[]> {
  const lost = z.object({ chunk_id: int8 });
  const rows = await parsedRows(executor, lost, 'select * from silver.lost_chunks($1, $2)', [
    queueSchema,
    queueName,
  ]);
  return rows.map((row) => row.chunk_id);
}

const delivery = z
  .object({
    chunk_id: int8,
    job_id: z.uuid(),
    rollup_id: z.int(),
    target_name: z.string(),
    reason: chunkReason,
    priority: z.int(),
    max_retries: z.int(),
    retry_delay_s: z.int(),
    retry_delay_max_s: z.int(),
    chunk_timeout_ms: z.number(),
    attempts_spent: z.int(),
    trace: z.string().nullable(),
  })
  .transform((row) => ({
    jobId: row.job_id,
    payload: {
      chunkId: row.chunk_id,
      rollupId: row.rollup_id,
      target: row.target_name,
      reason: row.reason,
      traceparent: row.trace,
      attemptsSpent: row.attempts_spent,
    },
    rollupPriority: row.priority,
    retry: {
      maxRetries: row.max_retries,
      retryDelayS: row.retry_delay_s,
      retryDelayMaxS: row.retry_delay_max_s,
    },
    chunkTimeoutMs: row.chunk_timeout_ms,
  }));

/** A chunk that is to be delivered anew: the job that delivered it before, and the next, unless it is dead now. */
export interface Redelivery {
  readonly formerJob: string;
  readonly delivery: Delivery | undefined;
}

const redelivery = z.looseObject({ former_job: z.uuid(), job_id: z.uuid().nullable() }).transform(
  (row): Redelivery => ({
    formerJob: row.former_job,
    delivery: row.job_id === null ? undefined : delivery.parse(row),
  }),
);

/** Gives a lost chunk a new job id, its attempts as they were; undefined: it is gone, or somebody holds it. */
export async function requeueChunk(
  executor: Executor,
  chunkId: string,
): Promise<Redelivery | undefined> {
  const text = 'select * from silver.requeue_chunk($1::bigint, null)';
  return (await parsedRows(executor, redelivery, text, [chunkId]))[0];
}

/** Puts a chunk back in the queue with no attempt spent; undefined: it is gone, or somebody else's. */
export async function giveBackChunk(
  executor: Executor,
  attempt: Attempt,
  failure: FailureDescription | null,
): Promise<Delivery | undefined> {
  const text = 'select * from silver.give_back_chunk($1::bigint, $2, $3::integer, $4::jsonb)';
  const values = [...valuesOf(attempt), failure === null ? null : JSON.stringify(failure)];
  return (await parsedRows(executor, delivery, text, values))[0];
}

/** Replaces a chunk by two of half its buckets. None: it cannot be halved. */
export async function halveChunk(
  executor: Executor,
  attempt: Attempt,
  failure: FailureDescription,
  tookMs: number,
): Promise<readonly Delivery[]> {
  const text = 'select * from silver.halve_chunk($1::bigint, $2, $3::integer, $4::jsonb, $5)';
  return parsedRows(executor, delivery, text, [
    ...valuesOf(attempt),
    JSON.stringify(failure),
    tookMs,
  ]);
}

/** Chunks that are said to run while nobody holds them: their worker died. */
export async function abandonedChunks(executor: Executor): Promise<readonly string[]> {
  const row = z.object({ chunk_id: int8 });
  const rows = await parsedRows(executor, row, 'select * from silver.abandoned_chunks()');
  return rows.map(({ chunk_id }) => chunk_id);
}

/** Spends the attempt that died and gives the chunk a new job id; undefined: it lives, or is gone. */
export async function abandonChunk(
  executor: Executor,
  chunkId: string,
): Promise<Redelivery | undefined> {
  const text = 'select * from silver.abandon_chunk($1::bigint)';
  return (await parsedRows(executor, redelivery, text, [chunkId]))[0];
}

const deliveriesRow = z
  .object({ queues_missing: z.boolean(), chunks: count })
  .transform((row) => ({ queuesMissing: row.queues_missing, chunks: row.chunks }));

/** Whether pg-boss's queue is missing, and how many chunks wait for a delivery or are being delivered. */
export async function readDeliveries(
  executor: Executor,
  queueSchema: string,
  queueName: string,
): Promise<z.output<typeof deliveriesRow>> {
  const text = 'select * from silver.deliveries($1, $2)';
  const [row] = await parsedRows(executor, deliveriesRow, text, [queueSchema, queueName]);
  return row ?? { queuesMissing: false, chunks: 0 };
}

function valuesOf({ attempt, chunkId, workerId }: Attempt): readonly SqlValue[] {
  return [chunkId, workerId, attempt];
}
