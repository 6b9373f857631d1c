import type { IncomingMessage, ServerResponse } from 'node:http';
import { nameDatabase } from './in-statement-span.ts';
import { durationBuckets, noteMeasuring } from './instruments.ts';
import { openPushReader } from './open-push-reader.ts';

export interface TelemetryOptions {
  readonly serviceName: string;
  readonly databaseUrl: string;
  /** Whether somebody will scrape: measures are then served by `serveMetrics`, and pushed as well only where the environment asks for that by name. */
  readonly scraped?: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface Telemetry {
  /** Answers a request with every measure, in the text format of Prometheus; undefined unless `scraped`. */
  readonly serveMetrics: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Sends what is still buffered, for at most the time given. */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * Starts OpenTelemetry when the `OTEL_*` variables of its specification ask for export, or when measures are to be
 * scraped. When neither does, nothing is even loaded and every span and measure is a no-op of the API package.
 */
export async function startTelemetry({
  serviceName,
  databaseUrl,
  scraped = false,
  environment = process.env,
}: TelemetryOptions): Promise<Telemetry> {
  const traces = asksFor('TRACES', environment);
  const pushed = scraped ? names('METRICS', environment) : asksFor('METRICS', environment);
  if (environment['OTEL_SDK_DISABLED'] === 'true' || !(traces || pushed || scraped)) {
    return { serveMetrics: undefined, stop: async () => undefined };
  }
  const [{ NodeSDK }, { AggregationType }, exporter, pushing] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-metrics'),
    scraped ? openExporter() : undefined,
    scraped && pushed ? openPushReader(environment) : undefined,
  ]);
  const readers = [exporter, pushing].filter((reader) => reader !== undefined);
  const sdk = new NodeSDK({
    serviceName: environment['OTEL_SERVICE_NAME'] ?? serviceName,
    // Logs go to standard output; Silver writes no OpenTelemetry log records.
    logRecordProcessors: [],
    ...(!traces && { spanProcessors: [] }),
    // Pushed alone, the SDK makes the reader itself.
    ...((scraped || !pushed) && { metricReaders: readers }),
    views: [
      {
        // pg-boss's buckets end at 10 seconds, where a slow chunk begins.
        instrumentName: 'messaging.*.duration',
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: [...durationBuckets], recordMinMax: true },
        },
      },
    ],
  });
  sdk.start();
  noteMeasuring(pushed || scraped);
  nameDatabase(databaseUrl);
  return {
    serveMetrics: exporter?.getMetricsRequestHandler.bind(exporter),
    stop: async (timeoutMs) => {
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
      await Promise.race([sdk.shutdown().catch(() => undefined), deadline]);
    },
  };
}

/** Whether the environment asks for export of one signal: it names an exporter, or where to send to. */
function asksFor(
  signal: 'METRICS' | 'TRACES',
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const named = environment[`OTEL_${signal}_EXPORTER`]?.trim() ?? '';
  const places = ['OTEL_EXPORTER_OTLP_ENDPOINT', `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`];
  return named === ''
    ? places.some((variable) => (environment[variable] ?? '') !== '')
    : named !== 'none';
}

/** Whether the environment asks for one signal by its own name, and not only by a place to send all to. */
function names(
  signal: 'METRICS' | 'TRACES',
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const named = environment[`OTEL_${signal}_EXPORTER`]?.trim() ?? '';
  return named === ''
    ? (environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? '') !== ''
    : named !== 'none';
}

/** Without a server of its own: Silver's serves health beside it. */
async function openExporter() {
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  return new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
}
