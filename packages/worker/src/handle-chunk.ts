import type { Span } from '@opentelemetry/api';
import {
  attributeNames,
  type Config,
  classifyFailure,
  describeChunk,
  describeFailure,
  type Executor,
  failChunk,
  findDatabaseError,
  inRunSpan,
  type Logger,
  linkAttempts,
  measureChunk,
  measureFailure,
  onBoss,
  onSlonik,
  type RunResult,
  runChunk,
  runChunkText,
  SilverError,
  type StartOutcome,
  startChunk,
  traceparentOf,
} from '@silver/shared';
import type { Db, Job } from 'pg-boss';
import { type DatabasePool, sql } from 'slonik';
import { z } from 'zod';
import { type Claim, claimChunk } from './claim-chunk.ts';
import { limitTransaction } from './limit-transaction.ts';

/** What handling a chunk needs of the running worker. */
export interface ChunkHandler {
  readonly workerId: string;
  /** For what must not be in the chunk's transaction: announcing it, and telling that it failed. */
  readonly pool: DatabasePool;
  readonly config: Pick<Config, 'chunkTimeoutMs' | 'lockTimeoutMs'>;
  readonly logger: Logger;
}

/** How handling a job ended, kept as the job's output. Only failures are thrown; all of these complete the job. */
export type ChunkOutcome =
  | RunResult
  | { readonly outcome: Exclude<StartOutcome, 'started'> | 'unreadable' };

/**
 * The way of a chunk through a worker: claim → announce → run → finish.
 *
 * pg-boss opened `transaction` and completes the job in it when this returns, fenced to this very attempt: what the
 * chunk wrote commits with its job or not at all (promise 2). When this throws, pg-boss rolls back and fails the job,
 * which retries it with exponential backoff or, out of attempts, sends it to the dead letters.
 */
export async function handleChunk(
  handler: ChunkHandler,
  job: Job<unknown>,
  transaction: Db,
): Promise<ChunkOutcome> {
  const claim = claimChunk(job, handler.workerId);
  if (claim === undefined) {
    // Completing it is safe: a chunk left without a job is delivered again by the scheduler.
    handler.logger.error(
      { [attributeNames.jobId]: job.id, data: job.data },
      'a job cannot be read',
    );
    return { outcome: 'unreadable' };
  }
  return inRunSpan(claim.traceparent, describe(claim), async (span) => {
    const startedAt = performance.now();
    try {
      await tellTrace(handler, claim, span);
      const executor = onBoss(transaction, { rollup: claim.target, chunk: claim.chunkId });
      // On two connections at once: what runs then finds the announcement committed and its limits set.
      const [announced, pid] = await Promise.all([
        announce(handler, claim),
        limitTransaction(executor, handler.config, claim),
      ]);
      const outcome =
        announced === 'started' ? await run(handler, claim, executor, pid) : { outcome: announced };
      finish(handler, claim, span, outcome, performance.now() - startedAt);
      return outcome;
    } catch (error) {
      await giveBack(handler, claim, span, transaction, error, performance.now() - startedAt);
      throw error;
    }
  });
}

/** Tells the trace what is known of the chunk and of the attempts before. Asks for it only where somebody will see it. */
async function tellTrace({ pool }: ChunkHandler, claim: Claim, span: Span): Promise<void> {
  if (!span.isRecording()) {
    return;
  }
  const chunk = await describeChunk(onSlonik(pool), claim.chunkId);
  if (chunk !== undefined) {
    span.setAttributes({
      [attributeNames.range]: chunk.timeRange,
      [attributeNames.ranges]: chunk.ranges,
    });
    linkAttempts(span, chunk.failedTraces);
  }
}

/** Shows the chunk as running, in a transaction of its own. */
async function announce({ pool }: ChunkHandler, claim: Claim): Promise<StartOutcome> {
  return startChunk(onSlonik(pool), claim, claim.traceparent);
}

/** Computes the chunk in pg-boss's transaction. */
async function run(
  { logger, pool }: ChunkHandler,
  claim: Claim,
  executor: Executor,
  pid: number,
): Promise<RunResult> {
  const cancel = () => {
    pool
      .query(sql.type(z.unknown())`select pg_cancel_backend(${pid})`)
      .catch((error: unknown) =>
        logger.warn({ err: error, pid }, 'a chunk could not be cancelled'),
      );
  };
  claim.signal.addEventListener('abort', cancel, { once: true });
  try {
    claim.signal.throwIfAborted();
    return await runChunk(executor, claim);
  } catch (error) {
    throw claim.signal.aborted ? explainAbort(claim, error) : error;
  } finally {
    // pg-boss also aborts the signal after an ordinary end, when the backend already serves somebody else.
    claim.signal.removeEventListener('abort', cancel);
  }
}

function explainAbort({ chunkId }: Claim, cause: unknown): SilverError {
  const message = `The attempt at chunk ${chunkId} was given up: its worker is stopping or lost its claim.`;
  return new SilverError('ATTEMPT_ABORTED', message, { cause, details: { chunkId } });
}

function finish(
  { logger }: ChunkHandler,
  claim: Claim,
  span: Span,
  outcome: ChunkOutcome,
  durationMs: number,
): void {
  span.setAttributes(describe(claim, outcome));
  measureChunk({ ...outcome, target: claim.target, reason: claim.reason, durationMs });
  logger.debug(
    { ...describe(claim, outcome), [attributeNames.durationMs]: Math.round(durationMs) },
    'chunk finished',
  );
}

/** Frees what the failed attempt holds, then tells everybody: the error log, the chunk's state, the trace, the log. */
async function giveBack(
  { logger, pool }: ChunkHandler,
  claim: Claim,
  span: Span,
  transaction: Db,
  error: unknown,
  durationMs: number,
): Promise<void> {
  const failureClass = classifyFailure(error);
  span.setAttribute(attributeNames.failureClass, failureClass);
  measureChunk({ target: claim.target, reason: claim.reason, outcome: 'failed', durationMs });
  measureFailure(findDatabaseError(error)?.sqlState, failureClass);
  // pg-boss rolls back too, but only after this returns, and the chunk's row is locked until then; what it then finds
  // is the chained transaction, which holds nothing. A connection that is gone was rolled back by the server.
  await transaction.executeSql('rollback and chain').catch(() => undefined);
  const failure = describeFailure(error, runChunkText, traceparentOf(span) ?? claim.traceparent);
  try {
    const state = await pool.transaction((own) => failChunk(onSlonik(own), claim, failure));
    logger.warn(
      {
        err: error,
        ...named(claim),
        [attributeNames.failureClass]: failureClass,
        [attributeNames.state]: state,
      },
      'chunk failed',
    );
  } catch (cause) {
    // The attempt still fails and is retried: what is lost is a line in the error log, so it goes to this one.
    logger.error(
      { err: error, cause, ...named(claim), [attributeNames.failureClass]: failureClass },
      'chunk failed, and so did noting it',
    );
  }
}

function named({ attempt, chunkId, reason, target }: Claim) {
  return {
    [attributeNames.chunkId]: chunkId,
    [attributeNames.target]: target,
    [attributeNames.reason]: reason,
    [attributeNames.attempt]: attempt,
  };
}

function describe(claim: Claim, outcome?: ChunkOutcome): Record<string, number | string> {
  return {
    [attributeNames.chunkId]: claim.chunkId,
    [attributeNames.attempt]: claim.attempt,
    [attributeNames.target]: claim.target,
    [attributeNames.reason]: claim.reason,
    [attributeNames.workerId]: claim.workerId,
    ...(outcome !== undefined && { [attributeNames.outcome]: outcome.outcome }),
    ...(outcome !== undefined &&
      'rowsRead' in outcome && {
        [attributeNames.buckets]: outcome.buckets,
        [attributeNames.rowsRead]: outcome.rowsRead,
        [attributeNames.rowsInserted]: outcome.rowsInserted,
        [attributeNames.rowsUpdated]: outcome.rowsUpdated,
        [attributeNames.rowsDeleted]: outcome.rowsDeleted,
      }),
  };
}
