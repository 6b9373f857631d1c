import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  announceProcess,
  type Chore,
  type Config,
  checkDatabase,
  checkSchema,
  isThroughPooler,
  keepDoing,
  type Logger,
  listen,
  openBoss,
  openPool,
  type Service,
  serviceSettings,
} from '@silver/shared';
import { type Maintainer, maintainTargets, validateTargets } from './maintain/maintain-targets.ts';
import { observeFleet } from './observe-fleet.ts';
import { type PressureWatch, watchPressure } from './pressure/watch-pressure.ts';
import { buryDeadChunks } from './recover/bury-dead-chunks.ts';
import { type Healer, healChunks } from './recover/heal-chunks.ts';
import { superviseJobs } from './recover/supervise-jobs.ts';
import { createTicker } from './tick/create-ticker.ts';

/** Sent by chunk commits and commands, never by a tracking trigger. */
const wakeChannel = 'silver_wake';
/** Past the time its statements may take, how long a look for due work may be overdue before the loop counts as stalled. */
const overdueMs = 15_000;
/** However seldom maintenance is due, it is looked for this often: another scheduler may have died over it. */
const longestChoreRestMs = 60_000;

/**
 * Starts a scheduler. Any number may run against one database: each source is planned by whoever gets its lock, and
 * there is no leader. It plans, holds back while the database is under pressure, buries chunks that are out of attempts,
 * delivers lost ones again, maintains targets, and supervises pg-boss; it never aggregates.
 */
export async function startScheduler(config: Config, logger: Logger): Promise<Service> {
  const { databaseUrl } = config;
  const schedulerId = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
  const applicationName = `silver scheduler ${schedulerId}`.slice(0, 63);
  const pool = await openPool({
    databaseUrl,
    applicationName,
    size: config.schedulerPoolSize + 4, // beside the sources: the look for due work, healing, maintenance, and probes
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
      migrates: true,
      logger,
    });
    const pressure = watchPressure({ pool, config, logger });
    await pressure.look();
    const ticker = createTicker({
      pool,
      boss,
      config,
      logger,
      pressure: pressure.factor,
      hears: !isThroughPooler(databaseUrl),
    });
    const listener = listen({
      databaseUrl,
      applicationName,
      channel: wakeChannel,
      logger,
      onWake: ticker.wake,
    });
    const stopping = new AbortController();
    const chores = choresOf({ pool, boss, config, logger }, pressure, stopping.signal);
    const announced = { pool, logger, applicationName, slots: null };
    const announcing = await announceProcess(announced, stopping.signal);
    const doing = [
      announcing.ended,
      ...chores.map((chore) => keepDoing(chore, logger, stopping.signal)),
    ];
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
        await Promise.all([listener.close(), ticker.stop(), ...doing]);
        await boss.stop({ graceful: true, timeout: config.stopGraceMs });
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** What a scheduler does every so often beside its ticks. */
function choresOf(
  tools: Healer & Maintainer & { readonly config: Config },
  pressure: PressureWatch,
  stopping: AbortSignal,
): readonly Chore[] {
  const { healIntervalMs, maintenanceIntervalMs, pressureIntervalMs, validationIntervalMs } =
    tools.config;
  const supervise = superviseJobs(tools.boss);
  return [
    {
      what: 'looking for lost chunks',
      intervalMs: healIntervalMs,
      run: async () => supervise(await healChunks(tools)),
    },
    {
      what: "reading the database's load",
      intervalMs: pressureIntervalMs,
      run: pressure.look,
    },
    {
      what: 'maintaining targets',
      intervalMs: Math.min(maintenanceIntervalMs, longestChoreRestMs),
      run: () => maintainTargets(tools, stopping),
    },
    {
      what: 'validating rollups',
      intervalMs: Math.min(validationIntervalMs, longestChoreRestMs),
      run: () => validateTargets(tools),
    },
  ];
}
