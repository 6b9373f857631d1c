import {
  abandonChunk,
  abandonedChunks,
  bossInTransaction,
  type Config,
  chunkQueue,
  deliverChunks,
  type Executor,
  installQueues,
  type Logger,
  lostChunks,
  measureHealed,
  onSlonik,
  queueSchema,
  type Redelivery,
  readDeliveries,
  requeueChunk,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';

export interface Healer {
  readonly pool: DatabasePool;
  readonly boss: PgBoss;
  readonly config: Pick<Config, 'chunkTimeoutMs' | 'databaseUrl'>;
  readonly logger: Logger;
}

/** Most chunks one pass delivers again, so that a pass stays short after somebody deleted a million jobs. */
const maxPerPass = 1_000;

/**
 * One pass over the chunks in flight. pg-boss's jobs are deliveries, not truth: whoever deletes them all, or pg-boss's whole
 * schema, delays the work by one pass and loses nothing (promise 4), and a worker that was killed is found missing before
 * pg-boss misses its heartbeat. Each chunk is healed in a transaction of its own, so any number of schedulers may do this
 * at once. Resolves with how many chunks are in flight; while there are none, it is one question.
 */
export async function healChunks(healer: Healer): Promise<number> {
  const { config, logger, pool } = healer;
  const executor = onSlonik(pool);
  const { chunks, queuesMissing } = await readDeliveries(executor, queueSchema, chunkQueue);
  if (queuesMissing) {
    await installQueues(config.databaseUrl, logger);
    logger.warn({ queueSchema }, "pg-boss's queues were gone; they were made anew");
  }
  if (chunks === 0) {
    return 0;
  }
  const abandoned = await countOf(await abandonedChunks(executor), (chunkId) =>
    redeliver(healer, (transaction) => abandonChunk(transaction, chunkId)),
  );
  if (abandoned > 0) {
    measureHealed(abandoned);
    logger.warn({ abandoned }, 'workers died in the middle of chunks; these were given to others');
  }
  const lost = await countOf(await lostChunks(executor, queueSchema, chunkQueue), (chunkId) =>
    redeliver(healer, (transaction) => requeueChunk(transaction, chunkId)),
  );
  if (lost > 0) {
    measureHealed(lost);
    logger.warn({ healed: lost }, 'chunks had lost their jobs; they were enqueued again');
  }
  return chunks;
}

/**
 * Ends the job that delivered the chunk, and sends another. With the former job ends the right of its attempt to commit: a
 * worker that is taken for dead and lives can do no harm.
 */
async function redeliver(
  { boss, config, pool }: Healer,
  take: (executor: Executor) => Promise<Redelivery | undefined>,
): Promise<boolean> {
  return pool.transaction(async (transaction) => {
    const chunk = await take(onSlonik(transaction));
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
