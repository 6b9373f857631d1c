import {
  abandonChunk,
  abandonedChunks,
  bossInTransaction,
  type Config,
  chunkQueue,
  deliverChunks,
  type Logger,
  lostChunks,
  measureHealed,
  onSlonik,
  queueSchema,
  requeueChunk,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';

export interface Healer {
  readonly pool: DatabasePool;
  readonly boss: PgBoss;
  readonly config: Pick<Config, 'chunkTimeoutMs'>;
  readonly logger: Logger;
}

/** Most chunks one pass delivers again, so that a pass stays short after somebody deleted a million jobs. */
const maxPerPass = 1_000;

/**
 * One pass over the chunks in flight. pg-boss's jobs are deliveries, not truth: whoever deletes them all delays the
 * work by one pass and loses nothing (promise 4), and a worker that was killed is found missing before pg-boss misses
 * its heartbeat. Each chunk is healed in a transaction of its own, so any number of schedulers may do this at once.
 */
export async function healChunks(healer: Healer): Promise<void> {
  const { logger } = healer;
  const abandoned = await countOf(await abandonedChunks(onSlonik(healer.pool)), (chunkId) =>
    takeFromDeadWorker(healer, chunkId),
  );
  if (abandoned > 0) {
    measureHealed(abandoned);
    logger.warn({ abandoned }, 'workers died in the middle of chunks; these were given to others');
  }
  const lost = await countOf(
    await lostChunks(onSlonik(healer.pool), queueSchema, chunkQueue),
    (chunkId) => deliverAgain(healer, chunkId),
  );
  if (lost > 0) {
    measureHealed(lost);
    logger.warn({ healed: lost }, 'chunks had lost their jobs; they were enqueued again');
  }
}

/** The attempt ends with its job, so that should its worker live after all, it can commit nothing. */
async function takeFromDeadWorker(
  { boss, config, pool }: Healer,
  chunkId: string,
): Promise<boolean> {
  return pool.transaction(async (transaction) => {
    const chunk = await abandonChunk(onSlonik(transaction), chunkId);
    if (chunk === undefined) {
      return false;
    }
    const db = bossInTransaction(transaction);
    await boss.deleteJob(chunkQueue, chunk.formerJob, { db });
    if (chunk.delivery !== undefined) {
      await deliverChunks(boss, db, [chunk.delivery], config.chunkTimeoutMs);
    }
    return true;
  });
}

async function deliverAgain({ boss, config, pool }: Healer, chunkId: string): Promise<boolean> {
  return pool.transaction(async (transaction) => {
    const chunk = await requeueChunk(onSlonik(transaction), chunkId);
    if (chunk !== undefined) {
      await deliverChunks(boss, bossInTransaction(transaction), [chunk], config.chunkTimeoutMs);
    }
    return chunk !== undefined;
  });
}

async function countOf(
  chunkIds: readonly string[],
  heal: (chunkId: string) => Promise<boolean>,
): Promise<number> {
  let healed = 0;
  for (const chunkId of chunkIds.slice(0, maxPerPass)) {
    healed += Number(await heal(chunkId));
  }
  return healed;
}
