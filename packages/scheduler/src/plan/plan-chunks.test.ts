import { type BucketRun, countBuckets, formatBucketRuns, type PendingWork } from '@silver/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, type PlanOptions, planChunks } from './plan-chunks.ts';

const nothing: PendingWork = {
  rollupId: 1,
  targetName: 'public.hourly',
  priority: 0,
  maxInFlight: 8,
  inFlight: 0,
  allInFlight: 0,
  chunkTimeoutMs: 300_000,
  retry: { maxRetries: 10, retryDelayS: 1, retryDelayMaxS: 300 },
  forward: [],
  late: [],
  backfill: null,
  windowBuckets: 10,
  lateScale: 1,
  targetDurationMs: 1_000,
  averages: null,
  extent: null,
  estimatedDensity: null,
  partitions: null,
};
const options: PlanOptions = { maxInFlight: 100, pressure: 1, turn: 0 };

function show(plan: Plan): string[] {
  return plan.chunks.map(({ reason, runs }) => `${reason} ${formatBucketRuns(runs)}`);
}

describe('planChunks', () => {
  it('plans nothing where nothing is pending', () => {
    expect(planChunks(nothing, options).chunks).toEqual([]);
  });

  it('cuts forward work at the window, oldest first', () => {
    expect(show(planChunks({ ...nothing, forward: [{ from: 3, to: 28 }] }, options))).toEqual([
      'forward {[3,13)}',
      'forward {[13,23)}',
      'forward {[23,28)}',
    ]);
  });

  it('cuts late work newest first', () => {
    expect(show(planChunks({ ...nothing, late: [{ from: 0, to: 25 }] }, options))).toEqual([
      'late {[15,25)}',
      'late {[5,15)}',
      'late {[0,5)}',
    ]);
  });

  it('gathers scattered runs in one chunk up to the window', () => {
    const late = [1, 5, 9, 20, 30].map((from) => ({ from, to: from + 3 }));
    expect(show(planChunks({ ...nothing, late }, options))).toEqual([
      'late {[7,8),[9,12),[20,23),[30,33)}',
      'late {[1,4),[5,7)}',
    ]);
  });

  it('cuts late work that is computed by group into larger chunks', () => {
    const work = {
      ...nothing,
      forward: [{ from: 90, to: 115 }],
      late: [{ from: 0, to: 60 }],
      lateScale: 2.5,
    };
    expect(show(planChunks(work, options))).toEqual([
      'forward {[90,100)}',
      'late {[35,60)}',
      'forward {[100,110)}',
      'late {[10,35)}',
      'forward {[110,115)}',
      'late {[0,10)}',
    ]);
  });

  it('gathers no more than a thousand runs in one chunk', () => {
    const late = Array.from({ length: 2_500 }, (_, index) => ({
      from: index * 2,
      to: index * 2 + 1,
    }));
    const { chunks } = planChunks({ ...nothing, windowBuckets: 100_000, late }, options);
    expect(chunks.map(({ runs }) => runs.length)).toEqual([1_000, 1_000, 500]);
  });

  it('lets forward and late work take turns', () => {
    const work = {
      ...nothing,
      maxInFlight: 3,
      forward: [{ from: 100, to: 200 }],
      late: [{ from: 0, to: 50 }],
    };
    const reasons = (turn: number) =>
      planChunks(work, { ...options, turn }).chunks.map(({ reason }) => reason);
    expect(reasons(0)).toEqual(['forward', 'late', 'forward']);
    expect(reasons(1)).toEqual(['late', 'forward', 'late']);
  });

  it('makes 25 empty years before and behind the data one chunk each', () => {
    const year = 8_766;
    const work = {
      ...nothing,
      windowBuckets: 500,
      forward: [{ from: 0, to: 51 * year }],
      extent: { from: 25 * year, to: 25 * year + 1_200 },
    };
    expect(show(planChunks(work, options))).toEqual([
      'forward {[0,219150)}',
      'forward {[219150,219650)}',
      'forward {[219650,220150)}',
      'forward {[220150,220350)}',
      'forward {[220350,447066)}',
    ]);
  });

  it('ends chunks on partition bounds where a partition fits in the window', () => {
    const work = {
      ...nothing,
      windowBuckets: 60,
      forward: [{ from: 5, to: 125 }],
      partitions: { buckets: 24, offset: 240 },
    };
    expect(show(planChunks(work, options))).toEqual([
      'forward {[5,48)}',
      'forward {[48,96)}',
      'forward {[96,125)}',
    ]);
  });

  it('leaves partitions out of it where one is longer than the window', () => {
    const work = {
      ...nothing,
      forward: [{ from: 5, to: 25 }],
      partitions: { buckets: 24, offset: 0 },
    };
    expect(show(planChunks(work, options))).toEqual(['forward {[5,15)}', 'forward {[15,25)}']);
  });

  it('shares a backlog out among all chunks in flight, but not into splinters', () => {
    const averages = { durationMs: 1_000, rows: 1e6, buckets: 80 };
    const sizes = (buckets: number) =>
      planChunks(
        { ...nothing, windowBuckets: 80, averages, forward: [{ from: 0, to: buckets }] },
        options,
      ).chunks.map(({ runs }) => countBuckets(runs));
    expect(sizes(240)).toEqual([60, 45, 34, 26, 20, 20, 20, 15]);
    expect(sizes(50)).toEqual([20, 20, 10]); // a quarter of the target duration each
    expect(sizes(10_000)).toEqual([80, 80, 80, 80, 80, 80, 80, 80]);
  });

  it('fills only the room that is left in flight', () => {
    const work = { ...nothing, forward: [{ from: 0, to: 1_000 }] };
    expect(planChunks({ ...work, inFlight: 6 }, options).chunks).toHaveLength(2);
    expect(planChunks({ ...work, inFlight: 9 }, options).chunks).toHaveLength(0);
    expect(planChunks(work, { ...options, maxInFlight: 3 }).chunks).toHaveLength(3);
  });

  it('cuts a backfill after live work, from the end that was ordered, into a room of its own', () => {
    const backfill = {
      id: '7',
      runs: [{ from: 0, to: 25 }],
      direction: 'newest-first' as const,
      priority: 0,
      room: 2,
    };
    const live = { ...nothing, maxInFlight: 1, forward: [{ from: 100, to: 200 }] };
    expect(show(planChunks({ ...live, backfill }, options))).toEqual([
      'forward {[100,110)}',
      'backfill {[15,25)}',
      'backfill {[5,15)}',
    ]);
    expect(
      show(planChunks({ ...live, inFlight: 1, backfill: { ...backfill, room: 1 } }, options)),
    ).toEqual(['backfill {[15,25)}']);
    const oldest = { ...backfill, direction: 'oldest-first' as const };
    const plan = planChunks({ ...nothing, backfill: oldest }, options);
    expect(show(plan)).toEqual(['backfill {[0,10)}', 'backfill {[10,20)}']);
    expect(plan.chunks.map(({ backfillId }) => backfillId)).toEqual(['7', '7']);
  });

  it('makes the empty years of a backfill one chunk, behind the data when the newest come first', () => {
    const backfill = {
      id: '7',
      runs: [{ from: 0, to: 5_000 }],
      direction: 'newest-first' as const,
      priority: 0,
      room: 9,
    };
    const work = {
      ...nothing,
      windowBuckets: 500,
      backfill,
      extent: { from: 2_000, to: 2_700 },
    };
    expect(show(planChunks(work, options))).toEqual([
      'backfill {[2700,5000)}',
      'backfill {[2200,2700)}',
      'backfill {[2000,2200)}',
      'backfill {[0,2000)}',
    ]);
  });

  it('plans whole buckets of a backfill, each once, within its room and beside all live chunks', () => {
    const ordered = fc.record({
      id: fc.constant('7'),
      // Behind what is live, with which it shares no bucket.
      runs: arbitraryRuns().map((runs) =>
        runs.map(({ from, to }) => ({ from: from + 1e6, to: to + 1e6 })),
      ),
      direction: fc.constantFrom('newest-first' as const, 'oldest-first' as const),
      priority: fc.constant(0),
      room: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(work, ordered, fc.nat(3), (some, backfill, turn) => {
        const live = planChunks(some, { ...options, turn });
        const both = planChunks({ ...some, backfill }, { ...options, turn });
        expect(both.chunks.slice(0, live.chunks.length)).toEqual(live.chunks);
        const planned = both.chunks.slice(live.chunks.length);
        expect(planned.every(({ reason }) => reason === 'backfill')).toBe(true);
        expect(planned.length).toBeLessThanOrEqual(backfill.room);
        expect(planned.length > 0).toBe(backfill.room > 0 && backfill.runs.length > 0);
        const buckets = planned.flatMap(({ runs }) => runs).flatMap(bucketsOf);
        const pending = backfill.runs.flatMap(bucketsOf);
        expect(new Set(buckets).size).toBe(buckets.length);
        // Taken from the end that was ordered, without a gap.
        const newest = backfill.direction === 'newest-first';
        expect(buckets.toSorted((a, b) => a - b)).toEqual(
          newest
            ? pending.slice(pending.length - buckets.length)
            : pending.slice(0, buckets.length),
        );
      }),
    );
  });

  const work = fc
    .record({ forward: arbitraryRuns(), late: arbitraryRuns() })
    .chain(({ forward, late }) =>
      fc.record({
        ...(Object.fromEntries(
          Object.entries(nothing).map(([key, value]) => [key, fc.constant(value)]),
        ) as {
          [Key in keyof PendingWork]: fc.Arbitrary<PendingWork[Key]>;
        }),
        forward: fc.constant(forward),
        // Late is covered and forward is not, so they never overlap: late lies before zero.
        late: fc.constant(late.map(({ from, to }) => ({ from: from - 1e6, to: to - 1e6 }))),
        maxInFlight: fc.integer({ min: 1, max: 50 }),
        inFlight: fc.integer({ min: 0, max: 60 }),
        windowBuckets: fc.option(fc.integer({ min: 1, max: 500 })),
        averages: fc.option(
          fc.record({
            durationMs: fc.double({ min: 0, max: 1e5, noNaN: true }),
            rows: fc.double({ min: 0, max: 1e7, noNaN: true }),
            buckets: fc.double({ min: 1, max: 500, noNaN: true }),
          }),
        ),
        extent: fc.option(
          fc
            .tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }))
            .map(([from, length]) => ({
              from,
              to: from + length,
            })),
        ),
        estimatedDensity: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
        partitions: fc.option(
          fc.record({
            buckets: fc.integer({ min: 1, max: 100 }),
            offset: fc.integer({ min: -100, max: 5_000 }),
          }),
        ),
      }),
    );

  it('plans whole pending buckets, each in one chunk, and no more chunks than there is room for', () => {
    fc.assert(
      fc.property(work, fc.nat(3), (some, turn) => {
        const plan = planChunks(some, { ...options, turn });
        expect(plan.chunks.length).toBeLessThanOrEqual(
          Math.max(0, some.maxInFlight - some.inFlight),
        );
        for (const reason of ['forward', 'late'] as const) {
          const planned = plan.chunks.filter((chunk) => chunk.reason === reason);
          const buckets = planned.flatMap(({ runs }) => runs).flatMap(bucketsOf);
          const pending = new Set(some[reason].flatMap(bucketsOf));
          expect(buckets.every((bucket) => Number.isInteger(bucket) && pending.has(bucket))).toBe(
            true,
          );
          expect(new Set(buckets).size).toBe(buckets.length);
        }
      }),
    );
  });

  it('keeps chunks over data within the window, and runs within the limit', () => {
    fc.assert(
      fc.property(work, (some) => {
        const { chunks, windowBuckets } = planChunks(some, options);
        for (const { reason, runs } of chunks) {
          expect(runs.length).toBeGreaterThan(0);
          expect(runs.length).toBeLessThanOrEqual(1_000);
          const outside = ({ from, to }: BucketRun) =>
            some.extent !== null && (to <= some.extent.from || from >= some.extent.to);
          if (reason === 'late' || !runs.every(outside)) {
            expect(countBuckets(runs)).toBeLessThanOrEqual(windowBuckets);
          }
        }
      }),
    );
  });

  it('is deterministic', () => {
    fc.assert(
      fc.property(work, fc.nat(3), (some, turn) => {
        expect(planChunks(some, { ...options, turn })).toEqual(
          planChunks(structuredClone(some), { ...options, turn }),
        );
      }),
    );
  });

  it('leaves no gap: planned again and again, everything pending gets its turn, forward in order', () => {
    fc.assert(
      fc.property(work, (some) => {
        let left: PendingWork = { ...some, inFlight: 0 };
        const done = { forward: [] as number[], late: [] as number[] };
        for (let turn = 0; left.forward.length + left.late.length > 0; turn += 1) {
          const { chunks, windowBuckets } = planChunks(left, { ...options, turn });
          expect(chunks.length).toBeGreaterThan(0);
          for (const { reason, runs } of chunks) {
            done[reason as 'forward' | 'late'].push(...runs.flatMap(bucketsOf));
          }
          left = {
            ...left,
            windowBuckets,
            forward: subtract(left.forward, done.forward),
            late: subtract(left.late, done.late),
          };
        }
        expect(done.forward).toEqual(some.forward.flatMap(bucketsOf));
        expect(done.late.toSorted((a, b) => a - b)).toEqual(some.late.flatMap(bucketsOf));
      }),
      { numRuns: 30 },
    );
  });
});

/** Ordered runs with gaps between them. */
function arbitraryRuns(): fc.Arbitrary<BucketRun[]> {
  const step = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }));
  return fc.array(step, { maxLength: 20 }).map((steps) => {
    let at = 0;
    return steps.map(([gap, length]) => {
      const run = { from: at + gap, to: at + gap + length };
      at = run.to;
      return run;
    });
  });
}

function bucketsOf({ from, to }: BucketRun): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function subtract(runs: readonly BucketRun[], buckets: readonly number[]): BucketRun[] {
  const gone = new Set(buckets);
  const left: BucketRun[] = [];
  for (const bucket of runs.flatMap(bucketsOf).filter((candidate) => !gone.has(candidate))) {
    const last = left.at(-1);
    if (last?.to === bucket) {
      left[left.length - 1] = { from: last.from, to: bucket + 1 };
    } else {
      left.push({ from: bucket, to: bucket + 1 });
    }
  }
  return left;
}
