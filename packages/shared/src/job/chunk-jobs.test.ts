import { describe, expect, it } from 'vitest';
import type { ChunkReason } from './chunk-job.ts';
import { chunkJobInsert, type Delivery } from './chunk-jobs.ts';

function delivery(reason: ChunkReason, rollupPriority = 0): Delivery {
  return {
    jobId: '8b9f5b1e-8a53-4c58-9a3d-0f6d5f1c2a3b',
    payload: { chunkId: '7', rollupId: 1, target: 'public.hourly', reason, traceparent: null },
    rollupPriority,
    retry: { maxRetries: 10, retryDelayS: 2, retryDelayMaxS: 300 },
    chunkTimeoutMs: 90_000,
  };
}

describe('chunkJobInsert', () => {
  it('puts freshness before corrections before history', () => {
    const reasons: ChunkReason[] = ['forward', 'late', 'repair', 'backfill'];
    const priorities = reasons.map(
      (reason) => chunkJobInsert(delivery(reason), 1_000).priority ?? 0,
    );
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    expect(new Set(priorities).size).toBe(4);
  });

  it('lets no backfill overtake live work, whatever the priorities', () => {
    const first = chunkJobInsert(delivery('backfill', 2_000), 1_000).priority ?? 0;
    expect(first).toBeLessThan(chunkJobInsert(delivery('repair', -1_000), 1_000).priority ?? 0);
  });

  it('adds the priority of the rollup', () => {
    expect(chunkJobInsert(delivery('late', 5), 1_000).priority).toBe(25);
  });

  it('expires only after PostgreSQL has cancelled the chunk', () => {
    expect(chunkJobInsert(delivery('late'), 300_500).expireInSeconds).toBe(90 + 60);
    expect(chunkJobInsert(delivery('late'), 30_500).expireInSeconds).toBe(31 + 60);
  });

  it('has the attempts that are left, and waits as told', () => {
    const spent = (attemptsSpent: number): Delivery => ({
      ...delivery('late'),
      payload: { ...delivery('late').payload, attemptsSpent },
      delayS: 3,
    });
    expect(chunkJobInsert(spent(4), 1_000)).toMatchObject({ retryLimit: 6, startAfter: 3 });
    expect(chunkJobInsert(spent(14), 1_000).retryLimit).toBe(0);
    expect(chunkJobInsert(delivery('late'), 1_000)).not.toHaveProperty('startAfter');
  });

  it('backs off exponentially within the bounds of the rollup, one job per chunk', () => {
    expect(chunkJobInsert(delivery('late'), 1_000)).toMatchObject({
      singletonKey: '7',
      retryLimit: 10,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 300,
    });
  });
});
