import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipBucketRuns, countBuckets, formatBucketRuns, parseBucketRuns } from './bucket-runs.ts';

describe('bucket runs', () => {
  it('reads what PostgreSQL writes', () => {
    expect(parseBucketRuns('{}')).toEqual([]);
    expect(parseBucketRuns('{[-3,5),[7,9)}')).toEqual([
      { from: -3, to: 5 },
      { from: 7, to: 9 },
    ]);
  });

  it.each(['{(,5)}', '{[1,)}', '{[1,2]}', '', '[1,2)', '{[1,99999999999999999999)}'])(
    'refuses %j',
    (text) => {
      expect(() => parseBucketRuns(text)).toThrow(/multirange|beyond 2\^53/);
    },
  );

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer({ min: 1, max: 1000 }))), (pairs) => {
        const runs = pairs.map(([from, length]) => ({ from, to: from + length }));
        expect(parseBucketRuns(formatBucketRuns(runs))).toEqual(runs);
      }),
    );
  });

  it('clips to a range', () => {
    const runs = [
      { from: 0, to: 10 },
      { from: 20, to: 30 },
    ];
    expect(clipBucketRuns(runs, 5, 22)).toEqual([
      { from: 5, to: 10 },
      { from: 20, to: 22 },
    ]);
    expect(clipBucketRuns(runs, 10, 20)).toEqual([]);
    expect(countBuckets(runs)).toBe(20);
  });
});
