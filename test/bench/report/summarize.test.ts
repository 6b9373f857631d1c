import { describe, expect, it } from 'vitest';
import type { Measurement } from '../scenario.ts';
import { median, summarizeLimits, summarizeRatios, summarizeVariants } from './summarize.ts';

const measurements: readonly Measurement[] = [
  { variant: 'silver', round: 1, durationMs: 100, details: { chunks: 4, plan: 'hash' } },
  { variant: 'by hand', round: 1, durationMs: 200, details: {} },
  { variant: 'silver', round: 2, durationMs: 900, details: { chunks: 6, plan: 'hash' } },
  { variant: 'by hand', round: 2, durationMs: 1_000, details: {} },
  { variant: 'silver', round: 3, durationMs: 120, details: { chunks: 5, plan: 'hash' } },
  { variant: 'by hand', round: 3, durationMs: 150, details: {} },
];

describe('summaries of measurements', () => {
  it('take the median of ratios within rounds, so that a slow round does not count', () => {
    const ratios = [{ name: 'ratio', of: 'silver', to: 'by hand', wanted: 0.85 }];
    expect(summarizeRatios(measurements, ratios)).toEqual([
      { name: 'ratio', median: 0.8, wanted: 0.85, isAsWanted: true },
    ]);
  });

  it('say that a ratio of something not measured is not known', () => {
    const ratios = [{ name: 'ratio', of: 'silver', to: 'nobody', wanted: 1 }];
    expect(summarizeRatios(measurements, ratios)).toEqual([
      { name: 'ratio', median: null, wanted: 1, isAsWanted: null },
    ]);
  });

  it('judge the median of a detail', () => {
    const limits = [{ name: 'chunks', variant: 'silver', detail: 'chunks', wanted: 4 }];
    expect(summarizeLimits(measurements, limits)).toEqual([
      { name: 'chunks', median: 5, wanted: 4, isAsWanted: false },
    ]);
  });

  it('give median, least and most of each variant, and its details', () => {
    expect(summarizeVariants(measurements)[0]).toEqual({
      variant: 'silver',
      medianMs: 120,
      minMs: 100,
      maxMs: 900,
      details: { chunks: 5, plan: 'hash' },
    });
  });

  it('take the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
