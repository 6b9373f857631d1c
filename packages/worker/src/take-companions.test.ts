import { createLogger } from '@silver/shared';
import type { Job } from 'pg-boss';
import { describe, expect, it, vi } from 'vitest';
import type { ChunkHandler } from './handle-chunk.ts';
import { takeCompanions } from './take-companions.ts';

describe('takeCompanions', () => {
  const logger = createLogger({ logLevel: 'silent' }, 'test');
  const payload = {
    chunkId: '7',
    rollupId: 1,
    target: 'public.hourly',
    reason: 'forward',
    traceparent: null,
  };
  const job = (data: object, retryCount = 0) =>
    ({ data: { ...payload, ...data }, retryCount }) as Job<unknown>;
  const handler = (boss: ChunkHandler['boss']) =>
    ({ boss, logger, workerId: 'host:1:abc' }) as unknown as ChunkHandler;
  const takenWith = async (main: Job<unknown>) => {
    const fetch = vi.fn(async () => []);
    const boss = { fetch } as unknown as ChunkHandler['boss'];
    await takeCompanions(handler(boss), main);
    return fetch.mock.calls.map((call: unknown[]) => call[1]);
  };

  it('takes as many as should fit, and never one that goes alone', async () => {
    expect(await takenWith(job({ expectedMs: 10 }))).toMatchObject([
      { batchSize: 3, ignoreGroups: ['alone'] },
    ]);
    expect(await takenWith(job({ expectedMs: 0 }))).toMatchObject([{ batchSize: 7 }]);
    expect(await takenWith(job({ expectedMs: 20 }))).toMatchObject([{ batchSize: 1 }]);
  });

  it('takes none beside what may be long, has failed, or cannot be read', async () => {
    expect(await takenWith(job({ expectedMs: 21 }))).toEqual([]);
    expect(await takenWith(job({}))).toEqual([]);
    expect(await takenWith(job({ expectedMs: 1 }, 1))).toEqual([]);
    expect(await takenWith(job({ expectedMs: 1, chunkId: 'seven' }))).toEqual([]);
  });

  it('lets no backfill overtake live work', async () => {
    expect(await takenWith(job({ expectedMs: 10 }))).toMatchObject([{ minPriority: -999 }]);
    const [ofBackfill] = await takenWith(job({ expectedMs: 10, reason: 'backfill' }));
    expect(ofBackfill).not.toHaveProperty('minPriority');
  });

  it('takes none, and harms no chunk, when they cannot be fetched', async () => {
    const fetch = () => Promise.reject(new Error('gone'));
    const boss = { fetch } as unknown as ChunkHandler['boss'];
    expect(await takeCompanions(handler(boss), job({ expectedMs: 1 }))).toEqual([]);
  });
});
