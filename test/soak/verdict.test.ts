import { describe, expect, it } from 'vitest';
import { type Sample, verdictOf } from './verdict.ts';

const flat: Sample = {
  connections: 20,
  deadTuples: 1_000,
  logRows: 10,
  chunkRows: 5,
  chunksDone: 0,
  worstLagS: 1,
  memoryMb: [90, 100],
};
const run = (more: (index: number) => Partial<Sample>) =>
  Array.from({ length: 12 }, (_, index) => ({ ...flat, chunksDone: index, ...more(index) }));

describe('the verdict of a soak', () => {
  it('is silent about what stays flat, noise and warming up included', () => {
    expect(verdictOf(run(() => ({})))).toEqual([]);
    expect(verdictOf(run((index) => ({ memoryMb: [index < 4 ? 50 : 100] })))).toEqual([]);
  });

  it('names what grows, and a fleet that does nothing', () => {
    expect(verdictOf(run((index) => ({ memoryMb: [100, 100 + index * 50] })))).toEqual([
      'memoryMb grew from 400 to 600',
    ]);
    expect(verdictOf(run((index) => ({ logRows: index * 1_000, chunksDone: 7 })))).toEqual([
      'logRows grew from 6000 to 10000',
      'no chunk was done',
    ]);
  });

  it('does not judge what it has not seen', () => {
    expect(verdictOf([flat])).toEqual(['1 samples are too few to tell']);
  });
});
