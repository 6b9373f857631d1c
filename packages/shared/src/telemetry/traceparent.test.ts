import { type Span, TraceFlags } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { parseTraceparent, traceparentOf } from './traceparent.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const spanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};

describe('a traceparent', () => {
  it('names a span, there and back', () => {
    expect(traceparentOf({ spanContext: () => spanContext } as Span)).toBe(traceparent);
    expect(parseTraceparent(traceparent)).toEqual({ ...spanContext, isRemote: true });
  });

  it.each([
    null,
    '',
    'nonsense',
    traceparent.replace('00-', '01-'),
    traceparent.replace(/0af.*-b/, '0-b'),
  ])('is not %j', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});
