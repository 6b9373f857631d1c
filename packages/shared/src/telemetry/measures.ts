import { type Attributes, metrics } from '@opentelemetry/api';
import { instrumentationScope } from './span-names.ts';

/** Names of Silver's own measures, with their units; pg-boss measures its queues itself. */
export const measureNames = {
  chunkDuration: 'silver.chunk.duration',
  chunkRowsRead: 'silver.chunk.rows_read',
  planDuration: 'silver.plan.duration',
} as const;

/** Seconds; a chunk aims at one second but may take minutes, which OpenTelemetry's default buckets do not resolve. */
export const durationBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600,
];

/** Measures one attempt of a chunk. */
export function measureChunk(durationMs: number, rowsRead: number, attributes: Attributes): void {
  seconds(
    measureNames.chunkDuration,
    'Duration of one attempt of a chunk, by target and outcome.',
  ).record(durationMs / 1000, attributes);
  meter()
    .createCounter(measureNames.chunkRowsRead, {
      description: 'Source rows read by committed chunks.',
      unit: '{row}',
    })
    .add(rowsRead, attributes);
}

/** Measures one source's turn in a tick. */
export function measurePlan(durationMs: number, attributes: Attributes): void {
  seconds(measureNames.planDuration, 'Duration of planning one source, by outcome.').record(
    durationMs / 1000,
    attributes,
  );
}

/** The meter keeps one instrument per name, and a meter taken before start-up would stay a no-op: so ask each time. */
function seconds(name: string, description: string) {
  return meter().createHistogram(name, {
    description,
    unit: 's',
    advice: { explicitBucketBoundaries: [...durationBuckets] },
  });
}

function meter() {
  return metrics.getMeter(instrumentationScope);
}
