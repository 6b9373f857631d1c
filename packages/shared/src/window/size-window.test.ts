import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChunkAverages,
  defaultWindowLimits,
  sizeWindow,
  type WindowInput,
} from './size-window.ts';

const unknown: WindowInput = {
  windowBuckets: null,
  averages: null,
  targetDurationMs: 1_000,
  estimatedDensity: null,
  limits: defaultWindowLimits,
  pressure: 1,
};

/** As `silver.log_rollup_success` moves them. */
const averageWeight = 1 / 3;

/** Runs chunks one after the other over a source of a given density and returns how long each took. */
function simulate(options: {
  readonly chunks: number;
  readonly start: { readonly windowBuckets: number; readonly averages: ChunkAverages };
  readonly rowsPerBucket: number;
  readonly rowsPerMs: number;
  readonly overheadMs: number;
}): number[] {
  let { windowBuckets, averages } = options.start;
  return Array.from({ length: options.chunks }, () => {
    windowBuckets = sizeWindow({ ...unknown, windowBuckets, averages });
    const rows = windowBuckets * options.rowsPerBucket;
    const durationMs = options.overheadMs + rows / options.rowsPerMs;
    const move = (average: number, value: number) => average + averageWeight * (value - average);
    averages = {
      durationMs: move(averages.durationMs, durationMs),
      rows: move(averages.rows, rows),
      buckets: move(averages.buckets, windowBuckets),
    };
    return durationMs;
  });
}

describe('sizeWindow', () => {
  it('lets the first chunk of an estimated source read about 200,000 rows', () => {
    expect(sizeWindow({ ...unknown, estimatedDensity: 3_000_000 / 4_344 })).toBe(289);
  });

  it('starts small when nothing is known', () => {
    expect(sizeWindow(unknown)).toBe(16);
    expect(sizeWindow({ ...unknown, estimatedDensity: 0 })).toBe(16);
  });

  it('starts with one bucket where one holds more than the first chunk should read', () => {
    expect(sizeWindow({ ...unknown, estimatedDensity: 1e8 })).toBe(1);
  });

  it('keeps the window until a first chunk was finished', () => {
    expect(sizeWindow({ ...unknown, windowBuckets: 40 })).toBe(40);
  });

  it('aims at the target duration', () => {
    const averages = { durationMs: 500, rows: 100_000, buckets: 60 };
    expect(sizeWindow({ ...unknown, windowBuckets: 100, averages })).toBe(120);
  });

  it('doubles over empty chunks', () => {
    const averages = { durationMs: 3, rows: 0, buckets: 60 };
    expect(sizeWindow({ ...unknown, windowBuckets: 60, averages })).toBe(120);
  });

  it('does not double again before a chunk of the doubled size was seen', () => {
    const averages = { durationMs: 3, rows: 0, buckets: 60 };
    expect(sizeWindow({ ...unknown, windowBuckets: 200, averages })).toBe(200);
  });

  it('makes chunks smaller under pressure', () => {
    const averages = { durationMs: 1_000, rows: 100_000, buckets: 60 };
    expect(sizeWindow({ ...unknown, windowBuckets: 60, averages, pressure: 0.5 })).toBe(30);
  });

  it('reads no more rows than the limit in one chunk, however fast they are read', () => {
    const averages = { durationMs: 10, rows: 1_000_000, buckets: 10 };
    expect(sizeWindow({ ...unknown, windowBuckets: 80, averages })).toBe(100);
  });

  const input = fc.record({
    windowBuckets: fc.option(fc.integer({ min: 1, max: 2_000_000 })),
    averages: fc.option(
      fc.record({
        durationMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
        rows: fc.double({ min: 0, max: 1e9, noNaN: true }),
        buckets: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      }),
    ),
    targetDurationMs: fc.double({ min: 1, max: 1e6, noNaN: true }),
    estimatedDensity: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true })),
    pressure: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });

  it('is always a whole number of buckets between one and the limit', () => {
    fc.assert(
      fc.property(input, (some) => {
        const buckets = sizeWindow({ ...some, limits: defaultWindowLimits });
        expect(Number.isInteger(buckets)).toBe(true);
        expect(buckets).toBeGreaterThanOrEqual(1);
        expect(buckets).toBeLessThanOrEqual(defaultWindowLimits.maxBuckets);
      }),
    );
  });

  it('never takes a step beyond twice, and never below a tenth but for the limits', () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 10, max: 1_000_000 }), (some, windowBuckets) => {
        const limits = { ...defaultWindowLimits, maxRows: Number.POSITIVE_INFINITY };
        const buckets = sizeWindow({ ...some, windowBuckets, limits });
        expect(buckets).toBeLessThanOrEqual(windowBuckets * 2);
        expect(buckets).toBeGreaterThanOrEqual(Math.floor(windowBuckets * 0.1));
      }),
    );
  });

  it('settles within a tenth of the target over a source of even density', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 20_000, noNaN: true }), (rowsPerBucket) => {
        const windowBuckets = sizeWindow({
          ...unknown,
          estimatedDensity: rowsPerBucket,
        });
        const durations = simulate({
          chunks: 20,
          start: {
            windowBuckets,
            averages: { durationMs: 105, rows: 200_000, buckets: windowBuckets },
          },
          rowsPerBucket,
          rowsPerMs: 2_000,
          overheadMs: 5,
        });
        expect(durations.at(-1)).toBeGreaterThan(900);
        expect(durations.at(-1)).toBeLessThan(1_100);
      }),
    );
  });

  it.each([
    ['denser', 100],
    ['sparser', 0.01],
  ])(
    'comes back near the target within ten chunks where the source turns a hundredfold %s',
    (_, jump) => {
      fc.assert(
        fc.property(fc.double({ min: 100, max: 2_000, noNaN: true }), (rowsPerBucket) => {
          // In balance before the jump: windows of a second.
          const windowBuckets = Math.floor((995 * 2_000) / rowsPerBucket);
          const averages = {
            durationMs: 1_000,
            rows: windowBuckets * rowsPerBucket,
            buckets: windowBuckets,
          };
          const durations = simulate({
            chunks: 11,
            start: { windowBuckets, averages },
            rowsPerBucket: rowsPerBucket * jump,
            rowsPerMs: 2_000,
            overheadMs: 5,
          });
          // The first chunk meets the jump unaware; the averages still remember it ten chunks later.
          expect(durations.at(-1)).toBeGreaterThan(1_000 / 3);
          expect(durations.at(-1)).toBeLessThan(3_000);
        }),
      );
    },
  );
});
