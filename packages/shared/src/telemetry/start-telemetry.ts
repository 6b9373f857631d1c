import { durationBuckets } from './measures.ts';

export interface Telemetry {
  /** Sends what is still buffered, for at most the time given. */
  stop(timeoutMs: number): Promise<void>;
}

/** Variables of the OpenTelemetry specification any of which asks for export. */
const askingVariables = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
];

/**
 * Starts OpenTelemetry when the environment asks for it, configured by the `OTEL_*` variables of its specification
 * alone. When it does not, nothing is even loaded and every span and measure is a no-op of the API package.
 */
export async function startTelemetry(
  serviceName: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Telemetry> {
  const asked = askingVariables.some(
    (variable) => !['', 'none', undefined].includes(environment[variable]),
  );
  if (!asked || environment['OTEL_SDK_DISABLED'] === 'true') {
    return { stop: async () => undefined };
  }
  const [{ NodeSDK }, { AggregationType }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-metrics'),
  ]);
  const sdk = new NodeSDK({
    serviceName: environment['OTEL_SERVICE_NAME'] ?? serviceName,
    // Logs go to standard output; Silver writes no OpenTelemetry log records.
    logRecordProcessors: [],
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
  return {
    stop: async (timeoutMs) => {
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
      await Promise.race([sdk.shutdown().catch(() => undefined), deadline]);
    },
  };
}
