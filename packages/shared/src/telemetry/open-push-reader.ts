import type { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

/** OpenTelemetry's own defaults. */
const defaultIntervalMs = 60_000;
const defaultTimeoutMs = 30_000;

/**
 * What pushes measures by OTLP, by the variables of OpenTelemetry's specification. The SDK makes one by itself, but none beside
 * a reader it is given, and keeps to itself how. Where to and with which headers the exporters read by themselves.
 */
export async function openPushReader(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<PeriodicExportingMetricReader> {
  const [{ PeriodicExportingMetricReader }, { OTLPMetricExporter }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    importExporter(environment),
  ]);
  const exportIntervalMillis =
    positive(environment['OTEL_METRIC_EXPORT_INTERVAL']) ?? defaultIntervalMs;
  const timeoutMs = positive(environment['OTEL_METRIC_EXPORT_TIMEOUT']) ?? defaultTimeoutMs;
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(timeoutMs, exportIntervalMillis),
  });
}

function importExporter(environment: Readonly<Record<string, string | undefined>>) {
  const protocol = [
    environment['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL'],
    environment['OTEL_EXPORTER_OTLP_PROTOCOL'],
  ].find((named) => (named ?? '') !== '');
  switch (protocol) {
    case 'grpc':
      return import('@opentelemetry/exporter-metrics-otlp-grpc');
    case 'http/json':
      return import('@opentelemetry/exporter-metrics-otlp-http');
    default:
      return import('@opentelemetry/exporter-metrics-otlp-proto');
  }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text ?? '');
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
