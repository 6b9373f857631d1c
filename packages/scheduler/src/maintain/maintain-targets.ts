import {
  attributeNames,
  type Config,
  type Finding,
  type Logger,
  onSlonik,
  runMaintenance,
  takeChore,
  takeMaintenance,
  validateRollups,
} from '@silver/shared';
import type { DatabasePool } from 'slonik';

export interface Maintainer {
  readonly pool: DatabasePool;
  readonly config: Pick<Config, 'keepLogsDays' | 'maintenanceIntervalMs' | 'validationIntervalMs'>;
  readonly logger: Logger;
}

/**
 * Maintains the targets whose turn it is, one after the other: partitions ahead of need, retention, statistics, logs.
 * Schedulers share the targets out among themselves: each is taken by one of them an interval.
 */
export async function maintainTargets(
  { config, logger, pool }: Maintainer,
  stopping: AbortSignal,
): Promise<void> {
  const executor = onSlonik(pool);
  while (!stopping.aborted) {
    const target = await takeMaintenance(executor, config.maintenanceIntervalMs);
    if (target === null) {
      return;
    }
    try {
      await runMaintenance(executor, target, config.keepLogsDays);
    } catch (error) {
      logger.warn(
        { err: error, [attributeNames.target]: target },
        'a target could not be maintained; it is tried again next time',
      );
    }
  }
}

const levels = { error: 'error', warning: 'warn', info: 'debug' } as const;

/** Looks for what is wrong with the rollups and says it, once an interval for all schedulers together. */
export async function validateTargets({ config, logger, pool }: Maintainer): Promise<void> {
  const executor = onSlonik(pool);
  if (await takeChore(executor, 'validate', config.validationIntervalMs)) {
    for (const finding of await validateRollups(executor)) {
      tell(logger, finding);
    }
  }
}

function tell(logger: Logger, { code, message, remedy, severity, target }: Finding): void {
  logger[levels[severity]]({ code, remedy, [attributeNames.target]: target }, message);
}
