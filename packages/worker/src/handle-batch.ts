import {
  batchBudgetMs,
  classifyFailure,
  onBoss,
  onSlonik,
  remedyFor,
  runChunks,
  SilverError,
  startChunks,
} from '@silver/shared';
import type { Db, Job } from 'pg-boss';
import { claimChunk, nameClaim, type Taken } from './claim-chunk.ts';
import { computeChunk } from './compute-chunk.ts';
import type { ChunkHandler } from './handle-chunk.ts';
import { limitTransaction } from './limit-transaction.ts';
import { putBack, putBackEach } from './put-back.ts';
import { beginAnew, completeJobs, giveBackDelayS } from './settle-failure.ts';
import { type ChunkOutcome, tellOutcome } from './tell-outcome.ts';

/** Longest wait for a lock: shorter than PostgreSQL's look for deadlocks, so that it is this transaction that gives way, and nobody waits for it long. */
const lockTimeoutMs = 250;
/** Longest that all may take, whatever was expected of them: past it each goes alone, with its own chunk timeout, and the claims to all still hold. */
const batchTimeoutMs = 1_000;
/** Past this no other chunk is begun: longer than they should take, for on a busy machine all take longer, and to give one back costs more than to compute it. */
const mostMs = 3 * batchBudgetMs;

/** What became of chunks computed together: of the first, whose job pg-boss completes; and how many of the others were put back, for the time was over. */
export interface BatchEnd {
  readonly main: ChunkOutcome;
  readonly postponed: number;
}

/**
 * The way of several short chunks through a worker: announced in one transaction, computed and completed in one, `transaction`, which pg-boss opened
 * for `main` and commits when its handler returns, with the completion of `main`. All of them commit with their jobs, or none does (promise 2).
 *
 * Undefined: nothing was done. The transaction is begun anew, `main` is to be handled alone, and its companions are back in the queue, with no attempt
 * spent, each to be computed alone: so it shows which of them failed, if one did. `budgetMs`: past this no other chunk is begun, and what is left is given back.
 */
export async function handleBatch(
  handler: ChunkHandler,
  main: Job<unknown>,
  companions: readonly Taken[],
  transaction: Db,
  budgetMs = mostMs,
): Promise<BatchEnd | undefined> {
  const claim = claimChunk(main, handler.workerId);
  if (claim === undefined) {
    await putBackEach(handler, companions);
    return undefined;
  }
  try {
    return await computeTogether(handler, { job: main, claim }, companions, transaction, budgetMs);
  } catch (error) {
    const chunks = [claim, ...companions.map((one) => one.claim)].map(nameClaim);
    handler.logger.info({ err: error, chunks }, 'chunks taken together are to be computed alone');
    await beginAnew(transaction);
    const isServers =
      remedyFor(classifyFailure(error)) === 'give-back' && !handler.stopping.aborted;
    await putBackEach(handler, companions, isServers ? giveBackDelayS : 0);
    return undefined;
  }
}

async function computeTogether(
  handler: ChunkHandler,
  main: Taken,
  companions: readonly Taken[],
  transaction: Db,
  budgetMs: number,
): Promise<BatchEnd> {
  const startedAt = performance.now();
  const claims = [main, ...companions].map(({ claim }) => claim);
  const executor = onBoss(transaction, { rollup: main.claim.target, chunk: main.claim.chunkId });
  // On two connections at once: what runs then finds the announcements committed and its limits set.
  const [announced, pid] = await Promise.all([
    startChunks(onSlonik(handler.pool), claims),
    limitTransaction(executor, main.claim, {
      chunkTimeoutMs: Math.min(handler.config.chunkTimeoutMs, batchTimeoutMs),
      lockTimeoutMs: Math.min(handler.config.lockTimeoutMs, lockTimeoutMs),
    }),
  ]);
  const started = claims.filter(({ chunkId }) => announced.get(chunkId) === 'started');
  const results = await computeChunk(handler, main.claim, pid, () =>
    runChunks(executor, started, budgetMs),
  );
  const outcomeOf = ({ claim: { chunkId } }: Taken): ChunkOutcome | 'postponed' => {
    const start = announced.get(chunkId) ?? 'superseded';
    if (start !== 'started') {
      return start === 'postponed' ? start : { outcome: start };
    }
    return results.get(chunkId) ?? { outcome: 'superseded' };
  };
  const ofMain = outcomeOf(main);
  if (ofMain === 'postponed') {
    const message = `Chunk ${main.claim.chunkId} cannot go with others: its rollup tries its chunks one by one.`;
    throw new SilverError('ATTEMPT_ABORTED', message, { details: { ...main.claim } });
  }
  const postponed = companions.filter((one) => outcomeOf(one) === 'postponed');
  await putBack(handler, postponed, executor, transaction);
  const ended = Map.groupBy(
    companions.filter((one) => !postponed.includes(one)),
    (one) => (outcomeOf(one) as ChunkOutcome).outcome,
  );
  for (const [outcome, taken] of ended) {
    await completeJobs(
      handler.boss,
      taken.map(({ job }) => job),
      { outcome },
      transaction,
    );
  }
  const durationMs = performance.now() - startedAt;
  for (const one of [main, ...companions]) {
    const outcome = outcomeOf(one);
    if (outcome !== 'postponed') {
      tellOutcome(handler.logger, one.claim, outcome, durationMs);
    }
  }
  return { main: ofMain, postponed: postponed.length };
}
