import type { Job } from 'pg-boss';
import { describe, expect, it } from 'vitest';
import { claimChunk } from './claim-chunk.ts';

const payload = {
  chunkId: '9007199254740993',
  rollupId: 1,
  target: 'public.hourly',
  reason: 'late',
  traceparent: null,
};

function job(data: unknown, retryCount = 0): Job<unknown> {
  return {
    id: '8b9f5b1e-8a53-4c58-9a3d-0f6d5f1c2a3b',
    name: 'silver-chunk',
    data,
    retryCount,
    expireInSeconds: 60,
    heartbeatSeconds: 10,
    signal: new AbortController().signal,
  };
}

describe('claimChunk', () => {
  it('keeps every digit of the chunk and counts attempts from one', () => {
    expect(claimChunk(job(payload, 2), 'host:1:abc')).toMatchObject({
      chunkId: '9007199254740993',
      attempt: 3,
      workerId: 'host:1:abc',
      reason: 'late',
    });
  });

  it('goes on counting where the job before it ended', () => {
    expect(claimChunk(job({ ...payload, attemptsSpent: 4 }, 2), 'host:1:abc')?.attempt).toBe(7);
  });

  it.each([
    null,
    {},
    { ...payload, chunkId: 7 },
    { ...payload, chunkId: '7; drop table' },
    { ...payload, reason: 'whim' },
  ])('takes %j for no job of ours', (data) => {
    expect(claimChunk(job(data), 'host:1:abc')).toBeUndefined();
  });
});
