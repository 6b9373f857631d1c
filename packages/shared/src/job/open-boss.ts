import { PgBoss } from 'pg-boss';
import { explainConnectionFailure } from '../database/open-pool.ts';
import { isThroughPooler, sessionUri } from '../database/session-uri.ts';
import { SilverError } from '../errors/silver-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { chunkQueue, createQueues, deadChunkQueue, queueSchema } from './queues.ts';

export interface BossOptions {
  readonly databaseUrl: string;
  readonly applicationName: string;
  /** Connections of pg-boss's own pool: one per transactional handler, and a few for itself. */
  readonly poolSize: number;
  /** Further settings of its sessions. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly logger: Logger;
  /** Whether this program may change pg-boss's schema. */
  readonly migrates: boolean;
}

/** Connects pg-boss. It supervises nothing by itself: schedulers have it do so while there is something to supervise. */
export async function openBoss(options: BossOptions): Promise<PgBoss> {
  // pg-boss builds the indexes of an upgrade in the background, on instances that may migrate. The schema is there by
  // now: whoever opens pg-boss has checked Silver's own, which silver migrate makes first.
  const boss = createBoss({ ...options, listens: true });
  try {
    await boss.start();
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw explainStartFailure(error, options.databaseUrl);
  }
  for (const name of [chunkQueue, deadChunkQueue]) {
    if ((await boss.getQueue(name)) === null) {
      await boss.stop({ graceful: false });
      throw new SilverError('QUEUE_MISSING', `The queue ${name} does not exist.`, {
        remedy: 'Run silver migrate.',
      });
    }
  }
  return boss;
}

/** Installs or upgrades pg-boss's schema and both queues; safe from any number of processes at once. */
export async function installQueues(databaseUrl: string, logger: Logger): Promise<void> {
  const boss = createBoss({
    databaseUrl,
    applicationName: 'silver migrate',
    poolSize: 2,
    logger,
    migrates: true,
    listens: false,
  });
  try {
    await boss.start();
    await createQueues(boss);
  } finally {
    await boss.stop({ graceful: true, timeout: 30_000 });
  }
}

function createBoss(options: BossOptions & { readonly listens: boolean }): PgBoss {
  const { applicationName, databaseUrl, listens, logger, migrates, poolSize, settings } = options;
  const boss = new PgBoss({
    application_name: applicationName,
    connectionString: sessionUri(databaseUrl, {
      applicationName,
      ...(settings !== undefined && { settings }),
    }),
    connectionTimeoutMillis: 10_000,
    // Each chunk carries its own traceparent: with this on, a tick's one insert would tie all its chunks together.
    openTelemetry: { propagateContext: false },
    // Programs of a kind share a name: pg-boss keeps few of the dead of each, and silver.gauges counts the living.
    instanceName: /^silver \w+/.exec(applicationName)?.[0] ?? applicationName,
    instanceHeartbeatSeconds: 10,
    max: poolSize,
    maintenanceIntervalSeconds: 60,
    migrate: migrates,
    monitorIntervalSeconds: 5,
    queueCacheIntervalSeconds: 30,
    schedule: false,
    schema: queueSchema,
    supervise: false,
    useListenNotify: listens && !isThroughPooler(databaseUrl),
  });
  boss.on('error', (error) => logger.warn({ err: error }, 'pg-boss met an error and goes on'));
  boss.on('warning', (warning) => logger.warn({ warning }, 'pg-boss warns'));
  return boss;
}

function explainStartFailure(error: unknown, databaseUrl: string): unknown {
  if (error instanceof Error && /not installed|requires migrations/.test(error.message)) {
    return new SilverError(
      'SCHEMA_OUTDATED',
      `The schema ${queueSchema} does not fit this program: ${error.message}.`,
      {
        cause: error,
        remedy: 'Run silver migrate.',
      },
    );
  }
  return explainConnectionFailure(error, databaseUrl);
}
