import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import type { FailureDescription } from '../errors/describe-failure.ts';
import { chunkReason } from '../job/chunk-job.ts';
import { count, int8, parsedRows, parsedValue } from './rows.ts';

// The life of a chunk after it was planned. Contracts and locks head the files in sql/functions/chunk.

/** One attempt at a chunk: which, by whom, and the how many-th, from 1. */
export interface Attempt {
  readonly chunkId: string;
  readonly workerId: string;
  readonly attempt: number;
}

const startOutcome = z.enum(['started', 'superseded', 'deferred']);
export type StartOutcome = z.output<typeof startOutcome>;

/**
 * Announces an attempt, in a tiny transaction of its own so that everybody sees it run.
 * `superseded`: the chunk is gone or dead. `deferred`: another attempt holds it.
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

const runResult = z
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

/** Logs a failed attempt and marks the chunk retrying, in a new transaction after the roll-back. */
export async function failChunk(
  executor: Executor,
  attempt: Attempt,
  failure: FailureDescription,
): Promise<'retrying' | 'superseded'> {
  const text = 'select silver.fail_chunk($1::bigint, $2, $3::integer, $4::jsonb) as value';
  const values = [attempt.chunkId, attempt.workerId, attempt.attempt, JSON.stringify(failure)];
  return parsedValue(executor, z.enum(['retrying', 'superseded']), text, values);
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

const requeuedChunk = z
  .object({
    job_id: z.uuid(),
    rollup_id: z.int(),
    target_name: z.string(),
    reason: chunkReason,
    priority: z.int(),
    max_retries: z.int(),
    retry_delay_s: z.int(),
    retry_delay_max_s: z.int(),
  })
  .transform((row) => ({
    jobId: row.job_id,
    rollupId: row.rollup_id,
    targetName: row.target_name,
    reason: row.reason,
    priority: row.priority,
    retry: {
      maxRetries: row.max_retries,
      retryDelayS: row.retry_delay_s,
      retryDelayMaxS: row.retry_delay_max_s,
    },
  }));
export type RequeuedChunk = z.output<typeof requeuedChunk>;

/** Gives a lost chunk a new job id; undefined: it is gone, or somebody holds it. */
export async function requeueChunk(
  executor: Executor,
  chunkId: string,
): Promise<RequeuedChunk | undefined> {
  const [row] = await parsedRows(
    executor,
    requeuedChunk,
    'select * from silver.requeue_chunk($1::bigint)',
    [chunkId],
  );
  return row;
}
