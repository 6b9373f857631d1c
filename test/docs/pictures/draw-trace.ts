import type { TopLevelSpec } from 'vega-lite';
import type { ReceivedSpan } from '../../support/otlp-collector.ts';
import { colours, draw } from './draw.ts';

interface Bar {
  readonly label: string;
  readonly depth: number;
  readonly order: number;
  readonly from: number;
  readonly to: number;
  readonly program: string;
}

/** The spans of the chunk that failed once, as a collector received them: a row each, over time. */
export function drawTrace(spans: readonly ReceivedSpan[]): Promise<string> {
  const failed = spans.find(({ failed, name }) => failed && name === 'silver.chunk.run');
  const root = spans.find(
    ({ name, traceId }) => name === 'silver.chunk' && traceId === failed?.traceId,
  );
  if (root === undefined) throw new Error('no chunk failed');
  const bars = rows(spans, root, root.startedAt, 0);
  const x = {
    field: 'from',
    type: 'quantitative' as const,
    title: 'milliseconds since the chunk was planned',
  };
  const y = { field: 'order', type: 'ordinal' as const, axis: null };
  const spec: TopLevelSpec = {
    data: { values: bars },
    hconcat: [
      {
        width: 250,
        height: { step: 17 },
        mark: { type: 'text', align: 'left', fontSize: 11, color: colours.text },
        encoding: {
          y,
          x: {
            field: 'depth',
            type: 'quantitative',
            axis: null,
            scale: { domain: [0, 16], nice: false },
          },
          text: { field: 'label' },
        },
      },
      {
        width: 520,
        height: { step: 17 },
        mark: { type: 'bar', height: { band: 0.7 }, cornerRadius: 2 },
        encoding: {
          y,
          x,
          x2: { field: 'to' },
          color: {
            field: 'program',
            type: 'nominal',
            title: null,
            scale: {
              domain: ['scheduler', 'worker', 'failed'],
              range: [colours.series[0], colours.series[2], colours.bad],
            },
            legend: { orient: 'bottom' },
          },
        },
      },
    ],
  };
  return draw(spec);
}

/** A span and those below it, in the order they began; at least as long as can be seen. */
function rows(
  spans: readonly ReceivedSpan[],
  span: ReceivedSpan,
  begun: bigint,
  depth: number,
): Bar[] {
  const milliseconds = (at: bigint) => Number(at - begun) / 1e6;
  const children = spans
    .filter(({ parentSpanId }) => parentSpanId === span.spanId)
    .toSorted((one, other) => Number(one.startedAt - other.startedAt));
  const from = milliseconds(span.startedAt);
  const bar: Bar = {
    label: span.name,
    depth,
    order: 0,
    from,
    to: Math.max(milliseconds(span.endedAt), from + 4),
    program: span.failed ? 'failed' : span.service.replace('silver-', ''),
  };
  const below = children.flatMap((child) => rows(spans, child, begun, depth + 1));
  return [bar, ...below].map((each, order) => ({ ...each, order }));
}
