import {
  type Config,
  chunkQueue,
  deliverChunks,
  describeChunk,
  type Logger,
  lostChunks,
  measureHealed,
  onSlonik,
  pause,
  queueSchema,
  requeueChunk,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';

export interface HealerOptions {
  readonly pool: DatabasePool;
  readonly boss: PgBoss;
  readonly config: Pick<Config, 'chunkTimeoutMs' | 'healIntervalMs'>;
  readonly logger: Logger;
}

/** Most chunks one pass delivers again, so that a pass stays short after somebody deleted a million jobs. */
const maxPerPass = 1_000;

/**
 * Delivers chunks again that have lost their job, every few seconds until the signal is aborted. pg-boss's jobs are
 * deliveries, not truth: whoever deletes them all delays the work by one pass and loses nothing (promise 4).
 */
export async function keepHealing(options: HealerOptions, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await pause(options.config.healIntervalMs, stopping);
    if (stopping.aborted) {
      return;
    }
    try {
      const healed = await healChunks(options);
      if (healed > 0) {
        measureHealed(healed);
        options.logger.warn({ healed }, 'chunks had lost their jobs; they were enqueued again');
      }
    } catch (error) {
      options.logger.warn({ err: error }, 'looking for lost chunks failed; it is tried again');
    }
  }
}

/** One pass: each lost chunk gets a new job, in a transaction of its own. Returns how many did. */
export async function healChunks({
  boss,
  config,
  pool,
}: Omit<HealerOptions, 'logger'>): Promise<number> {
  const lost = await lostChunks(onSlonik(pool), queueSchema, chunkQueue);
  let healed = 0;
  for (const chunkId of lost.slice(0, maxPerPass)) {
    healed += await pool.transaction(async (transaction) => {
      const chunk = await requeueChunk(onSlonik(transaction), chunkId);
      if (chunk === undefined) {
        return 0;
      }
      const { jobId, priority, reason, retry, rollupId, targetName } = chunk;
      const traceparent = (await describeChunk(onSlonik(transaction), chunkId))?.trace ?? null;
      const payload = { chunkId, rollupId, target: targetName, reason, traceparent };
      const delivery = { jobId, payload, rollupPriority: priority, retry };
      await deliverChunks(boss, transaction, [delivery], config.chunkTimeoutMs);
      return 1;
    });
  }
  return healed;
}
