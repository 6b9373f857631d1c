import { describe, expect, it } from 'vitest';
import { inRunSpan, startChunkTrace } from './chunk-trace.ts';

describe('the trace of a chunk', () => {
  it('is null while telemetry is off', () => {
    const trace = startChunkTrace({});
    trace.name({ chunkId: '1', jobId: 'x' });
    trace.end();
    expect(trace.traceparent).toBeNull();
  });

  it('runs an attempt whatever the payload carries, and lets its error through', async () => {
    expect(await inRunSpan(null, {}, async () => 1)).toBe(1);
    expect(await inRunSpan('nonsense', {}, async () => 2)).toBe(2);
    await expect(inRunSpan(null, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
