import type { Logger } from '../telemetry/logger.ts';
import { pause } from './pause.ts';

/** Something a process does every so often beside its work. */
export interface Chore {
  /** For the log line when it fails. */
  readonly what: string;
  readonly intervalMs: number;
  readonly run: () => Promise<void>;
}

/** Does a chore again and again until the signal is aborted; one that fails is tried again after the interval. */
export async function keepDoing(
  { intervalMs, run, what }: Chore,
  logger: Logger,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    await pause(intervalMs, stopping);
    if (stopping.aborted) {
      return;
    }
    try {
      await run();
    } catch (error) {
      logger.warn({ err: error }, `${what} failed; it is tried again`);
    }
  }
}
