import {
  type Config,
  checkDatabase,
  checkSchema,
  type Logger,
  listen,
  openBoss,
  openPool,
  type Service,
  serviceSettings,
} from '@silver/shared';
import { observeFleet } from './observe-fleet.ts';
import { buryDeadChunks } from './recover/bury-dead-chunks.ts';
import { healChunks } from './recover/heal-chunks.ts';
import { keepDoing } from './recover/keep-doing.ts';
import { createTicker } from './tick/create-ticker.ts';

/** Sent by chunk commits and commands, never by a tracking trigger. */
const wakeChannel = 'silver_wake';
const applicationName = 'silver scheduler';
/** Past the time its statements may take, how long a look for due work may be overdue before the loop counts as stalled. */
const overdueMs = 15_000;

/**
 * Starts a scheduler. Any number may run against one database: each source is planned by whoever gets its lock, and
 * there is no leader. It plans, buries chunks that are out of attempts, delivers lost ones again, and supervises
 * pg-boss; it never aggregates.
 */
export async function startScheduler(config: Config, logger: Logger): Promise<Service> {
  const { databaseUrl } = config;
  const pool = await openPool({
    databaseUrl,
    applicationName,
    size: config.schedulerPoolSize + 3, // beside the sources: the look for due work, healing, and probes
    statementTimeoutMs: config.tickTimeoutMs,
    lockTimeoutMs: config.lockTimeoutMs,
    settings: serviceSettings,
    logger,
  });
  try {
    await checkSchema(pool);
    const boss = await openBoss({
      databaseUrl,
      applicationName,
      poolSize: 4,
      settings: serviceSettings,
      supervise: true,
      logger,
    });
    const ticker = createTicker({ pool, boss, config, logger });
    const listener = listen({
      databaseUrl,
      applicationName,
      channel: wakeChannel,
      logger,
      onWake: ticker.wake,
    });
    const stopping = new AbortController();
    const healing = keepDoing(
      {
        what: 'looking for lost chunks',
        intervalMs: config.healIntervalMs,
        run: () => healChunks({ pool, boss, config, logger }),
      },
      logger,
      stopping.signal,
    );
    await buryDeadChunks(boss, config, logger);
    ticker.wake();
    const stopObserving = observeFleet({ pool, config, logger });
    const longestPauseMs = config.pollIntervalMs + 2 * config.tickTimeoutMs + overdueMs;
    return {
      health: {
        loop: () => {
          const agoMs = Math.round(performance.now() - ticker.lookedAt());
          return agoMs > longestPauseMs
            ? `the last look for due work ended ${agoMs} ms ago`
            : undefined;
        },
        checks: () => checkDatabase(pool),
      },
      stop: async () => {
        stopObserving();
        stopping.abort();
        await Promise.all([listener.close(), ticker.stop(), healing]);
        await boss.stop({ graceful: true, timeout: config.stopGraceMs });
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
