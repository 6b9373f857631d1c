import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  announceProcess,
  type Config,
  checkDatabase,
  checkSchema,
  chunkQueue,
  isMeasuring,
  type Logger,
  measureSlots,
  openBoss,
  openPool,
  type Service,
  serviceSettings,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { ChunkHandler } from './handle-chunk.ts';
import { stalledSlot } from './stalled-slot.ts';
import { takeInTurn } from './take-in-turn.ts';

/** After the grace, how long cancelled chunks may take to end and to be given back; then pg-boss fails them. */
const giveBackMs = 8_000;

/**
 * Starts a worker: runs chunks, several at once, until stopped. It never plans. Any number may run; one that is killed
 * leaves its chunks to the others, whose attempts are fenced from its own. Stopped, it takes no more chunks, finishes
 * what it can within its grace, and gives back the rest, with no attempt spent.
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
  const leaving = new AbortController();
  try {
    await checkSchema(pool);
    const boss = await openBoss({
      databaseUrl,
      applicationName,
      poolSize: workerConcurrency + 3, // one transaction each, and fetches, heartbeats, failures
      settings: serviceSettings,
      migrates: false,
      logger,
    });
    measureSlots(0, workerConcurrency);
    const stopping = new AbortController();
    const handler: ChunkHandler = {
      workerId,
      boss,
      pool,
      config,
      stopping: stopping.signal,
      logger,
    };
    const running = new Set<string>();
    const announcing = await announceProcess(
      {
        pool,
        logger,
        applicationName,
        slots: { size: workerConcurrency, running: () => running.size },
      },
      leaving.signal,
    );
    for (let slot = 0; slot < workerConcurrency; slot += 1) {
      await takeChunks(boss, handler, config, running);
    }
    return {
      health: {
        loop: () => stalledSlot(boss.getWipData(), config, Date.now()),
        checks: () => checkDatabase(pool),
      },
      stop: async () => {
        const graceOver = setTimeout(() => stopping.abort(), config.stopGraceMs);
        try {
          await boss.stop({ graceful: true, timeout: config.stopGraceMs + giveBackMs });
        } finally {
          clearTimeout(graceOver);
          leaving.abort();
        }
        await announcing.ended;
        await pool.end();
      },
    };
  } catch (error) {
    leaving.abort();
    await pool.end();
    throw error;
  }
}

/**
 * One slot: takes a chunk, with others where all are short, runs them, takes the next. pg-boss sends one notification for a bulk insert and then polls, so
 * each slot wakes itself before it returns: 100 jobs took 50 s without that, and a third of a second with it.
 */
async function takeChunks(
  boss: PgBoss,
  handler: ChunkHandler,
  { pollIntervalMs, workerConcurrency }: Pick<Config, 'pollIntervalMs' | 'workerConcurrency'>,
  running: Set<string>,
): Promise<void> {
  const pollingIntervalSeconds = pollIntervalMs / 1000;
  const take = takeInTurn(handler);
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
      running.add(job.id);
      measureSlots(running.size, workerConcurrency);
      try {
        return await take(job, transaction);
      } finally {
        running.delete(job.id);
        measureSlots(running.size, workerConcurrency);
        boss.notifyWorker(slotId);
      }
    },
  );
}
