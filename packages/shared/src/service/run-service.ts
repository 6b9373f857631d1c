import type { Logger } from '../telemetry/logger.ts';
import type { Health } from './health.ts';

/** Something that runs until it is stopped. */
export interface Service {
  readonly health: Health;
  /** Finishes what runs, within the grace it was started with, and frees everything. Called once. */
  stop(): Promise<void>;
}

export interface RunServiceOptions {
  readonly name: string;
  readonly logger: Logger;
  /** What `stop` itself may take at most; past it the process exits with what is unfinished. */
  readonly stopTimeoutMs: number;
  readonly start: () => Promise<Pick<Service, 'stop'>>;
}

/**
 * Runs a service as a process: until SIGTERM, SIGINT or a failure nobody handled, then stops it within a bound.
 * A second signal exits at once: whoever sends it means it, and every state lives in PostgreSQL anyway (promise 6).
 * Resolves with the exit code.
 */
export async function runService({
  name,
  logger,
  start,
  stopTimeoutMs,
}: RunServiceOptions): Promise<number> {
  const asked = askedToStop(name, logger);
  const service = await start();
  logger.info(`${name} started`);
  const { code, reason } = await asked;
  logger.info({ reason }, `${name} is stopping`);
  const deadline = setTimeout(() => {
    logger.fatal({ stopTimeoutMs }, `${name} did not stop in time`);
    process.exit(1);
  }, stopTimeoutMs).unref();
  try {
    await service.stop();
  } catch (error) {
    logger.error({ err: error }, `${name} did not stop cleanly`);
    return 1;
  } finally {
    clearTimeout(deadline);
  }
  logger.info(`${name} stopped`);
  return code;
}

interface StopRequest {
  readonly code: number;
  readonly reason: string;
}

function askedToStop(name: string, logger: Logger): Promise<StopRequest> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (signal: NodeJS.Signals) => {
      signals += 1;
      if (signals > 1) {
        logger.warn({ signal }, `${name} exits at once: a second signal`);
        process.exit(130);
      }
      resolve({ code: 0, reason: signal });
    };
    const onFailure = (error: unknown) => {
      logger.fatal({ err: error }, `${name} met a failure nobody handles`);
      resolve({ code: 1, reason: 'failure' });
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
    process.on('uncaughtException', onFailure).on('unhandledRejection', onFailure);
  });
}
