import { type Span, TraceFlags } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { inRunSpan, startChunkSpan, traceparentOf } from './chunk-trace.ts';

function spanWith(traceId: string, spanId: string, traceFlags = TraceFlags.SAMPLED): Span {
  return { spanContext: () => ({ traceId, spanId, traceFlags }) } as Span;
}

describe('the trace of a chunk', () => {
  it('is carried as a traceparent', () => {
    const span = spanWith('0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331');
    expect(traceparentOf(span)).toBe('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  });

  it('is null while telemetry is off', () => {
    expect(traceparentOf(startChunkSpan({}))).toBeNull();
  });

  it('runs an attempt whatever the payload carries, and lets its error through', async () => {
    expect(await inRunSpan(null, {}, async () => 1)).toBe(1);
    expect(await inRunSpan('nonsense', {}, async () => 2)).toBe(2);
    await expect(inRunSpan(null, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
