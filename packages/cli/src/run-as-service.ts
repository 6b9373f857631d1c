import {
  type Config,
  createLogger,
  type Logger,
  runService,
  type Service,
  startTelemetry,
} from '@silver/shared';

/** Past the grace, how long closing connections and sending telemetry may still take. */
const closingMs = 15_000;
const telemetryFlushMs = 3_000;

/** Runs a scheduler or a worker as this process: logger and telemetry first, signals and a bounded stop around it. */
export async function runAsService(
  name: 'scheduler' | 'worker',
  config: Config,
  start: (config: Config, logger: Logger) => Promise<Service>,
): Promise<void> {
  const logger = createLogger(config, name);
  const telemetry = await startTelemetry(`silver-${name}`);
  process.exitCode = await runService({
    name,
    logger,
    stopTimeoutMs: config.stopGraceMs + closingMs,
    start: async () => {
      const service = await start(config, logger);
      return {
        stop: async () => {
          await service.stop();
          await telemetry.stop(telemetryFlushMs);
        },
      };
    },
  });
}
