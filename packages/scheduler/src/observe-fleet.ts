import { type Config, type Logger, observeGauges, onSlonik, readGauges } from '@silver/shared';
import type { DatabasePool } from 'slonik';

export interface FleetOptions {
  readonly pool: DatabasePool;
  readonly config: Pick<Config, 'metricsIntervalMs' | 'metricsNames'>;
  readonly logger: Logger;
}

/**
 * Exports what the database knows of every rollup and of who runs. Every scheduler does, and their values are the same: a
 * query takes the largest. Returns what ends it.
 */
export function observeFleet({ config, logger, pool }: FleetOptions): () => void {
  return observeGauges({
    intervalMs: config.metricsIntervalMs,
    read: () => readGauges(onSlonik(pool), config.metricsNames),
    onError: (error) =>
      logger.warn({ err: error }, 'the measures of the database could not be read'),
  });
}
