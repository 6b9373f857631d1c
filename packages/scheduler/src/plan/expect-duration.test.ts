import { describe, expect, it } from 'vitest';
import { expectDuration } from './expect-duration.ts';

describe('expectDuration', () => {
  const averages = { durationMs: 8, rows: 100, buckets: 4 };

  it('knows nothing before a chunk of the rollup had rows', () => {
    expect(expectDuration(null, 1)).toBeUndefined();
    expect(expectDuration({ ...averages, rows: 0 }, 1)).toBeUndefined();
  });

  it('grows with the buckets, and never falls below what a chunk costs', () => {
    expect(expectDuration(averages, 4)).toBe(8);
    expect(expectDuration(averages, 40)).toBe(80);
    expect(expectDuration(averages, 1)).toBe(8);
    expect(expectDuration({ ...averages, buckets: 0.2 }, 1)).toBe(8);
  });
});
