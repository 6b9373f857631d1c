import type { Span } from '@opentelemetry/api';
import {
  attributeNames,
  type Config,
  classifyFailure,
  describeChunk,
  describeFailure,
  type FailOutcome,
  type FailureClass,
  failChunk,
  findDatabaseError,
  inRunSpan,
  linkAttempts,
  measureBuried,
  measureChunk,
  measureFailure,
  noteError,
  onBoss,
  onSlonik,
  remedyFor,
  runChunk,
  runChunkText,
  type StartOutcome,
  startChunk,
  traceparentOf,
} from '@silver/shared';
import type { Db, Job } from 'pg-boss';
import { type Claim, claimChunk, nameClaim } from './claim-chunk.ts';
import { type ChunkComputer, computeChunk } from './compute-chunk.ts';
import { limitTransaction } from './limit-transaction.ts';
import {
  beginAnew,
  type FailureSettler,
  type Settled,
  type Settlement,
  settleFailure,
} from './settle-failure.ts';
import { type ChunkOutcome, describeAttempt, tellOutcome, tellUnreadable } from './tell-outcome.ts';

/** What handling a chunk needs of the running worker. Its pool is for what must not be in the chunk's transaction. */
export interface ChunkHandler extends ChunkComputer, FailureSettler {
  readonly workerId: string;
  readonly config: Pick<Config, 'chunkTimeoutMs' | 'lockTimeoutMs'>;
}

/**
 * The way of a chunk through a worker: claim → announce → compute → finish.
 *
 * pg-boss opened `transaction` and completes the job in it when this returns, fenced to this very attempt: what the
 * chunk wrote commits with its job or not at all (promise 2). When this throws, pg-boss rolls back and fails the job,
 * which retries it with exponential backoff or, out of attempts, sends it to the dead letters. That is the rule; the
 * exceptions, by SQLSTATE, are settled here: buried, halved or given back.
 */
export async function handleChunk(
  handler: ChunkHandler,
  job: Job<unknown>,
  transaction: Db,
): Promise<ChunkOutcome> {
  const claim = claimChunk(job, handler.workerId);
  if (claim === undefined) {
    return tellUnreadable(handler.logger, job);
  }
  return inRunSpan(claim.traceparent, describeAttempt(claim), async (span) => {
    const startedAt = performance.now();
    try {
      await tellTrace(handler, claim, span);
      const executor = onBoss(transaction, { rollup: claim.target, chunk: claim.chunkId });
      // On two connections at once: what runs then finds the announcement committed and its limits set.
      const [announced, pid] = await Promise.all([
        announce(handler, claim, span),
        limitTransaction(executor, claim, handler.config),
      ]);
      const outcome =
        announced === 'started'
          ? await computeChunk(handler, claim, pid, () => runChunk(executor, claim))
          : { outcome: announced };
      span.setAttributes(describeAttempt(claim, outcome));
      tellOutcome(handler.logger, claim, outcome, performance.now() - startedAt);
      return outcome;
    } catch (error) {
      const tookMs = performance.now() - startedAt;
      const failed = { claim, error, failureClass: classifyFailure(error), job, span, tookMs };
      return { outcome: await giveUp(handler, failed, transaction) };
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

/** Shows the chunk as running, in a transaction of its own. Its trace is that it was planned in or, where planning made none, this attempt's. */
async function announce({ pool }: ChunkHandler, claim: Claim, span: Span): Promise<StartOutcome> {
  return startChunk(onSlonik(pool), claim, claim.traceparent ?? traceparentOf(span));
}

interface Failed {
  readonly job: Job<unknown>;
  readonly claim: Claim;
  readonly span: Span;
  readonly error: unknown;
  readonly failureClass: FailureClass;
  readonly tookMs: number;
}

/** Returns how an exception to the rule was settled; throws the error where pg-boss is to retry the job, or finds it settled. */
async function giveUp(handler: ChunkHandler, failed: Failed, transaction: Db): Promise<Settlement> {
  const { claim, error, failureClass, span, tookMs } = failed;
  const line = { err: error, ...nameClaim(claim), [attributeNames.failureClass]: failureClass };
  span.setAttribute(attributeNames.failureClass, failureClass);
  let outcome: FailOutcome | Settlement | 'unknown' = 'unknown';
  let settled: Settled | undefined;
  try {
    settled = await settleException(handler, failed, transaction);
    outcome = settled?.settlement ?? (await leaveToRetry(handler, failed, transaction));
    handler.logger.warn({ ...line, [attributeNames.outcome]: outcome }, 'chunk failed');
  } catch (cause) {
    // The attempt still fails and is retried: what is lost is a line in the error log, so it goes to this one.
    handler.logger.error({ ...line, cause }, 'chunk failed, and so did noting it');
  }
  const { reason, target } = claim;
  measureChunk({ target, reason, outcome: settled?.settlement ?? 'failed', durationMs: tookMs });
  measureFailure(findDatabaseError(error)?.sqlState, failureClass);
  if (settled?.settlement === 'buried') {
    measureBuried();
  }
  if (settled?.byBoss !== true) {
    throw error;
  }
  if (settled.settlement !== 'given back') {
    // The job is completed, but the attempt failed: whoever looks for failures in the traces must find it.
    noteError(span, error);
  }
  return settled.settlement;
}

async function settleException(
  handler: ChunkHandler,
  { claim, error, failureClass, job, span, tookMs }: Failed,
  transaction: Db,
): Promise<Settled | undefined> {
  const remedy = remedyFor(failureClass);
  if (remedy === 'retry') {
    return undefined;
  }
  const failure = describeFailure(error, runChunkText, traceparentOf(span) ?? claim.traceparent);
  const stopped = handler.stopping.aborted;
  return settleFailure(handler, { job, claim, remedy, failure, stopped, tookMs }, transaction);
}

/** Frees what the failed attempt holds, then tells everybody: the error log and the chunk's state. */
async function leaveToRetry(
  { pool }: ChunkHandler,
  { claim, error, span }: Failed,
  transaction: Db,
): Promise<FailOutcome> {
  // pg-boss rolls back too, but only after the handler has thrown, and the chunk's row is locked until then.
  await beginAnew(transaction);
  const failure = describeFailure(error, runChunkText, traceparentOf(span) ?? claim.traceparent);
  return pool.transaction((own) => failChunk(onSlonik(own), claim, failure));
}
