import { describe, expect, it } from 'vitest';
import { planChange } from './plan-change.ts';

const firstDay = new Date('2001-01-01T00:00:00Z');
const dayMicros = 86_400_000_000n;

describe('planChange', () => {
  it('is the same for the same seed and another for another', () => {
    const plan = { firstDay, days: 182, lateRows: 100, seed: 7 };
    expect(planChange(plan)).toEqual(planChange(plan));
    expect(planChange({ ...plan, seed: 8 })).not.toEqual(planChange(plan));
  });

  it('scatters the late flights over all days and none beyond them', () => {
    const { late } = planChange({ firstDay, days: 182, lateRows: 10_000, seed: 1 });
    const days = late.micros.map((micros) => Number((micros - 978_307_200_000_000n) / dayMicros));
    expect(Math.min(...days)).toBe(0);
    expect(Math.max(...days)).toBe(181);
    expect(new Set(days).size).toBe(182);
  });

  it('sends no flight to where it came from', () => {
    const { late } = planChange({ firstDay, days: 3, lateRows: 1000, seed: 2 });
    expect(late.origin.some((origin, row) => origin === late.destination[row])).toBe(false);
  });

  it('deletes whole days, once in the first half and once in the second', () => {
    expect(planChange({ firstDay, days: 182, lateRows: 1, seed: 3 }).deletions).toEqual([
      { origin: 'ORD', from: '2001-01-31T00:00:00.000Z', to: '2001-02-03T00:00:00.000Z' },
      { origin: 'ORD', from: '2001-06-01T00:00:00.000Z', to: '2001-06-04T00:00:00.000Z' },
    ]);
  });

  it('has a day to delete even when there is only one', () => {
    const { deletions } = planChange({ firstDay, days: 1, lateRows: 1, seed: 4 });
    expect(deletions[0]).toEqual({
      origin: 'ORD',
      from: '2001-01-01T00:00:00.000Z',
      to: '2001-01-02T00:00:00.000Z',
    });
  });
});
