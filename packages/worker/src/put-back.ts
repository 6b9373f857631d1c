import {
  bossInTransaction,
  chunkQueue,
  type Delivery,
  deliverChunks,
  type Executor,
  giveBackChunk,
  onSlonik,
} from '@silver/shared';
import type { Db } from 'pg-boss';
import { nameClaim, type Taken } from './claim-chunk.ts';
import { completeJobs, type FailureSettler, inOwnTransaction } from './settle-failure.ts';

/**
 * Puts chunks back in the queue that were taken along with another and not computed, with no attempt spent, in the transaction that `executor` and
 * `db` share; each is to go alone. Throws where the claim to one is lost.
 */
export async function putBack(
  { boss, config }: Pick<FailureSettler, 'boss' | 'config'>,
  taken: readonly Taken[],
  executor: Executor,
  db: Db,
  delayS = 0,
): Promise<void> {
  if (taken.length === 0) {
    return;
  }
  const successors: Delivery[] = [];
  for (const { claim } of taken) {
    const successor = await giveBackChunk(executor, claim, null);
    if (successor !== undefined) {
      successors.push({ ...successor, delayS });
    }
  }
  const jobs = taken.map(({ job }) => job);
  await completeJobs(boss, jobs, { outcome: 'given back' }, db);
  await deliverChunks(boss, db, successors, config.chunkTimeoutMs);
}

/**
 * The same for each by itself, in transactions of the worker's pool: the claim to one may be lost, and then what became of it is for whoever has it.
 * Waits for a server that restarts. What cannot be put back is found as the chunks of a dead worker are.
 */
export async function putBackEach(
  settler: FailureSettler,
  taken: readonly Taken[],
  delayS = 0,
): Promise<void> {
  for (const one of taken) {
    try {
      await inOwnTransaction(settler, (own) =>
        putBack(settler, [one], onSlonik(own), bossInTransaction(own), delayS),
      );
    } catch (error) {
      const line = { err: error, ...nameClaim(one.claim), queue: chunkQueue };
      settler.logger.warn(line, 'a chunk taken along could not be put back');
    }
  }
}
