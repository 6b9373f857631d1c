import {
  batchBudgetMs,
  bossInTransaction,
  chunkQueue,
  onBoss,
  onSlonik,
  runChunks,
  SilverError,
  startChunks,
} from '@silver/shared';
import type { Db, Job } from 'pg-boss';
import { type Claim, claimChunk } from './claim-chunk.ts';
import { computeChunk } from './compute-chunk.ts';
import type { ChunkHandler } from './handle-chunk.ts';
import { limitTransaction } from './limit-transaction.ts';
import { beginAnew, completeJobs, putBack } from './settle-failure.ts';
import { nameAttempt, tellOutcome } from './tell-outcome.ts';

/** Longest wait for a lock: shorter than PostgreSQL's look for deadlocks, so that it is this transaction that gives way, and nobody waits for it long. */
const lockTimeoutMs = 250;
/** pg-boss renews the claim of `main` alone. */
const renewClaimsMs = 4_000;

/** Past this no other chunk is begun: longer than they should take, for on a busy machine all take longer, and to give one back costs more than to compute it. */
const mostMs = 3 * batchBudgetMs;

/** A job and the attempt that it is. */
interface Taken {
  readonly job: Job<unknown>;
  readonly claim: Claim;
}

/**
 * The way of several short chunks through a worker: announced in one transaction, computed and completed in one, `transaction`, which pg-boss opened
 * for `main` and commits when its handler returns. All of them commit with their jobs, or none does (promise 2).
 *
 * False: nothing was done. The transaction is begun anew, `main` is to be handled alone, and its companions are back in the queue, with no attempt
 * spent, each to be computed alone: so it shows which of them failed, if one did. `budgetMs`: past this no other chunk is begun, and what is left is given back.
 */
export async function handleBatch(
  handler: ChunkHandler,
  main: Job<unknown>,
  companions: readonly Job<unknown>[],
  transaction: Db,
  budgetMs = mostMs,
): Promise<boolean> {
  const all = [main, ...companions].flatMap((job): Taken[] => {
    const claim = claimChunk(job, handler.workerId);
    return claim === undefined ? [] : [{ job, claim }];
  });
  const renewing = setInterval(() => {
    // One that is no longer this worker's is found out at the completion.
    handler.boss.touch(chunkQueue, [...companions]).catch(() => undefined);
  }, renewClaimsMs);
  try {
    await computeTogether(handler, all, transaction, budgetMs);
    return true;
  } catch (error) {
    const chunks = all.map(({ claim }) => nameAttempt(claim));
    handler.logger.info({ err: error, chunks }, 'chunks taken together are to be computed alone');
    await beginAnew(transaction);
    await putBackCompanions(
      handler,
      all.filter(({ job }) => job !== main),
    );
    return false;
  } finally {
    clearInterval(renewing);
  }
}

async function computeTogether(
  handler: ChunkHandler,
  all: readonly Taken[],
  transaction: Db,
  budgetMs: number,
): Promise<void> {
  const claims = all.map(({ claim }) => claim);
  const [first] = claims;
  if (first === undefined) {
    throw new SilverError('ARGUMENT_INVALID', 'No job that was taken can be read.');
  }
  const executor = onBoss(transaction, { rollup: first.target, chunk: first.chunkId });
  const expireInSeconds = Math.min(...claims.map((claim) => claim.expireInSeconds));
  // On two connections at once: what runs then finds the announcements committed and its limits set.
  const [started, pid] = await Promise.all([
    startChunks(onSlonik(handler.pool), claims),
    limitTransaction(
      executor,
      { ...first, expireInSeconds },
      {
        chunkTimeoutMs: handler.config.chunkTimeoutMs,
        lockTimeoutMs: Math.min(handler.config.lockTimeoutMs, lockTimeoutMs),
      },
    ),
  ]);
  const results = await computeChunk(handler, first, pid, () =>
    runChunks(executor, started, budgetMs),
  );
  const postponed = all.filter(({ claim: { chunkId } }) => results.get(chunkId) === 'postponed');
  if (postponed.length > 0) {
    await putBack(handler, postponed, executor, transaction);
  }
  const ended = all.filter((one) => !postponed.includes(one)).map(({ job }) => job);
  await completeJobs(handler.boss, ended, { outcome: 'completed' }, transaction);
  for (const claim of claims) {
    const result = results.get(claim.chunkId);
    if (result !== undefined && result !== 'postponed') {
      tellOutcome(handler.logger, claim, result, result.durationMs);
    }
  }
}

/** Should this fail, they are found as the chunks of a dead worker are. */
async function putBackCompanions(
  handler: ChunkHandler,
  companions: readonly Taken[],
): Promise<void> {
  try {
    await handler.pool.transaction((own) =>
      putBack(handler, companions, onSlonik(own), bossInTransaction(own)),
    );
  } catch (error) {
    const chunks = companions.map(({ claim }) => nameAttempt(claim));
    handler.logger.warn({ err: error, chunks }, 'chunks could not be put back');
  }
}
