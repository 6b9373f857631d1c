import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type Config,
  checkDatabase,
  checkSchema,
  chunkQueue,
  isMeasuring,
  type Logger,
  measureSlots,
  openBoss,
  openPool,
  pause,
  type Service,
  serviceSettings,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import { type ChunkHandler, handleChunk } from './handle-chunk.ts';
import { measureWait } from './measure-wait.ts';
import { stalledSlot } from './stalled-slot.ts';

/** After pg-boss gave running chunks up, how long their backends may take to notice that they were cancelled. */
const cancelGraceMs = 3_000;

/**
 * Starts a worker: runs chunks, several at once, until stopped. It never plans. Any number may run; one that is killed
 * leaves its chunks to the others, whose attempts are fenced from its own.
 */
export async function startWorker(config: Config, logger: Logger): Promise<Service> {
  const { databaseUrl, workerConcurrency } = config;
  const workerId = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
  const applicationName = `silver worker ${workerId}`.slice(0, 63);
  const pool = await openPool({
    databaseUrl,
    applicationName,
    size: workerConcurrency + 2, // one announcement or failure each, a cancel, and a probe
    statementTimeoutMs: 30_000, // of those small calls; chunks run on pg-boss's pool
    lockTimeoutMs: config.lockTimeoutMs,
    settings: serviceSettings,
    logger,
  });
  try {
    await checkSchema(pool);
    const boss = await openBoss({
      databaseUrl,
      applicationName,
      poolSize: workerConcurrency + 3, // one transaction each, and fetches, heartbeats, failures
      settings: serviceSettings,
      supervise: false,
      logger,
    });
    const running = new Set<Promise<unknown>>();
    measureSlots(0, workerConcurrency);
    const handler: ChunkHandler = { workerId, pool, config, logger };
    for (let slot = 0; slot < workerConcurrency; slot += 1) {
      await takeChunks(boss, handler, config, running);
    }
    return {
      health: {
        loop: () => stalledSlot(boss.getWipData(), config, Date.now()),
        checks: () => checkDatabase(pool),
      },
      stop: async () => {
        await boss.stop({ graceful: true, timeout: config.stopGraceMs });
        const ended = new AbortController();
        const all = Promise.allSettled(running).then(() => ended.abort());
        await Promise.race([all, pause(cancelGraceMs, ended.signal)]);
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/**
 * One slot: takes a chunk, runs it, takes the next. pg-boss sends one notification for a bulk insert and then polls, so
 * each slot wakes itself before it returns: 100 jobs took 50 s without that, and a third of a second with it.
 */
async function takeChunks(
  boss: PgBoss,
  handler: ChunkHandler,
  { pollIntervalMs, workerConcurrency }: Pick<Config, 'pollIntervalMs' | 'workerConcurrency'>,
  running: Set<Promise<unknown>>,
): Promise<void> {
  const pollingIntervalSeconds = pollIntervalMs / 1000;
  const slotId: string = await boss.work(
    chunkQueue,
    {
      batchSize: 1,
      includeMetadata: isMeasuring(),
      // Retries come due without a notification, so the poll stays short even while listening.
      notifyPollingIntervalSeconds: pollingIntervalSeconds,
      pollingIntervalSeconds,
      transactional: true,
      transactionTimeoutSeconds: 0, // limitTransaction bounds each statement and each pause
    },
    async ([job], transaction) => {
      if (job === undefined) {
        return undefined;
      }
      measureWait(job);
      const handling = handleChunk(handler, job, transaction);
      running.add(handling);
      measureSlots(running.size, workerConcurrency);
      try {
        return await handling;
      } finally {
        running.delete(handling);
        measureSlots(running.size, workerConcurrency);
        boss.notifyWorker(slotId);
      }
    },
  );
}
