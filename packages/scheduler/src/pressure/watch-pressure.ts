import {
  atEase,
  type Config,
  type DatabaseLoad,
  decidePressure,
  type Logger,
  limitsFor,
  measureBackpressure,
  noteLoad,
  onSlonik,
  type Pressure,
  readLoad,
} from '@silver/shared';
import type { DatabasePool } from 'slonik';

export interface PressureOptions {
  readonly pool: DatabasePool;
  readonly config: Pick<Config, 'databaseCores'>;
  readonly logger: Logger;
}

export interface PressureWatch {
  /** How far planning is to hold back now: 1 not at all. */
  readonly factor: () => number;
  /** Reads the load, decides anew, and keeps both for whoever looks later. */
  readonly look: () => Promise<void>;
}

/** Keeps what the database's load asks of planning. Every decision is a measure, and a log line with its cause. */
export function watchPressure({ config, logger, pool }: PressureOptions): PressureWatch {
  const limits = limitsFor(config.databaseCores);
  let pressure: Pressure | undefined;
  return {
    factor: () => pressure?.factor ?? 1,
    look: async () => {
      const load = await readLoad(onSlonik(pool));
      const before = pressure;
      pressure = decidePressure(before ?? atEase, load, limits);
      measureBackpressure(pressure);
      tell(logger, before, pressure, load);
      await noteLoad(onSlonik(pool), load, pressure.factor);
    },
  };
}

function tell(
  logger: Logger,
  before: Pressure | undefined,
  { causes, factor, off }: Pressure,
  load: DatabaseLoad,
): void {
  if (off.join() !== (before?.off ?? []).join()) {
    logger.info(
      { signals: off },
      off.length === 0
        ? 'every signal of the database is heeded'
        : 'these signals of the database cannot be read or compared, and are off',
    );
  }
  const was = before?.factor ?? 1;
  if (factor < was) {
    logger.warn({ factor, was, causes, load }, 'the database is under pressure: less is planned');
  } else if (factor > was) {
    logger.info({ factor, was, causes, load }, 'the pressure eases: more is planned');
  }
}
