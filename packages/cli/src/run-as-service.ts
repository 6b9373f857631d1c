import {
  type Config,
  createLogger,
  type Logger,
  runService,
  type Service,
  serveStatus,
  startTelemetry,
} from '@silver/shared';

/** Past the grace, how long closing connections and sending telemetry may still take. */
const closingMs = 15_000;
const telemetryFlushMs = 3_000;

/** Runs a scheduler, a worker, both, or a console as this process: logger and telemetry first, signals and a bounded stop around it. */
export async function runAsService(
  name: 'console' | 'scheduler' | 'worker' | 'up',
  config: Config,
  start: (config: Config, logger: Logger) => Promise<Service>,
): Promise<void> {
  const { statusHost: host, statusPort: port } = config;
  const logger = createLogger(config, name);
  const scraped = port !== undefined;
  const telemetry = await startTelemetry({
    serviceName: `silver-${name}`,
    databaseUrl: config.databaseUrl,
    scraped,
  });
  process.exitCode = await runService({
    name,
    logger,
    stopTimeoutMs: config.stopGraceMs + closingMs,
    start: async () => {
      const service = await start(config, logger);
      const { serveMetrics } = telemetry;
      const status = scraped
        ? await serveStatus({ host, port, health: service.health, serveMetrics }).catch(
            async (error: unknown) => {
              await service.stop();
              throw error;
            },
          )
        : undefined;
      if (status !== undefined) {
        logger.info({ url: status.url }, 'serving /healthz, /readyz and /metrics');
      }
      return {
        stop: async () => {
          await service.stop();
          await status?.close();
          await telemetry.stop(telemetryFlushMs);
        },
      };
    },
  });
}
