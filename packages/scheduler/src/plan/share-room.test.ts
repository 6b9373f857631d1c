import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RoomInput, roomLeft, shareRoom } from './share-room.ts';

const alone: RoomInput = {
  budget: 256,
  inFlight: 0,
  contenders: 1,
  ownLimit: 8,
  ownInFlight: 0,
  pressure: 1,
};

/** Plans for each rollup in turn, as a tick does, and returns what each got. */
function deal(budget: number, limits: readonly number[], pressure: number): number[] {
  let inFlight = 0;
  return limits.map((ownLimit, index) => {
    const contenders = limits.length - index;
    const got = shareRoom({ budget, inFlight, contenders, ownLimit, ownInFlight: 0, pressure });
    inFlight += got;
    return got;
  });
}

describe('shareRoom', () => {
  it('gives a rollup that is alone all it may have', () => {
    expect(shareRoom(alone)).toBe(8);
    expect(shareRoom({ ...alone, ownInFlight: 3, inFlight: 3 })).toBe(5);
  });

  it('gives nothing beyond the budget of all', () => {
    expect(shareRoom({ ...alone, budget: 10, inFlight: 10 })).toBe(0);
    expect(shareRoom({ ...alone, budget: 10, inFlight: 12 })).toBe(0);
  });

  it('gives less under pressure, and one at least', () => {
    expect(shareRoom({ ...alone, pressure: 0.5 })).toBe(4);
    expect(shareRoom({ ...alone, pressure: 0.1 })).toBe(1);
    expect(shareRoom({ ...alone, pressure: 0.1, ownInFlight: 1, inFlight: 1 })).toBe(0);
  });

  it('is fair: each gets an even share at least, or its own limit, and the budget is kept', () => {
    const limits = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 });
    const pressures = fc.double({ min: 0.1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), limits, pressures, (budget, own, pressure) => {
        const under = (limit: number) => Math.max(1, Math.floor(limit * pressure));
        const got = deal(budget, own, pressure);
        expect(got.reduce((total, one) => total + one, 0)).toBeLessThanOrEqual(under(budget));
        got.forEach((one, index) => {
          const limit = under(own[index] ?? 0);
          expect(one).toBeLessThanOrEqual(limit);
          expect(one).toBeGreaterThanOrEqual(
            Math.min(limit, Math.floor(under(budget) / own.length)),
          );
        });
      }),
    );
  });

  it('leaves to history what live work did not take', () => {
    expect(roomLeft(256, 250, 1)).toBe(6);
    expect(roomLeft(256, 250, 0.5)).toBe(0);
  });

  it('lets nobody starve: with room for each, each gets some', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (rollups) => {
        expect(Math.min(...deal(rollups, Array(rollups).fill(8), 1))).toBeGreaterThan(0);
      }),
    );
  });
});
