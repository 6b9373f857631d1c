import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitWidths } from './print-rows.ts';

describe('fitWidths', () => {
  it('leaves columns as they are where there is room, or no terminal', () => {
    expect(fitWidths([5, 30], 80)).toEqual([5, 30]);
    expect(fitWidths([5, 300], undefined)).toEqual([5, 300]);
  });

  it('takes from the widest until the table fits', () => {
    expect(fitWidths([10, 40, 60], 80)).toEqual([10, 30, 30]);
  });

  it('fits every terminal that is wide enough for ten characters a column', () => {
    const columns = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(columns, fc.integer({ min: 160, max: 300 }), (natural, terminal) => {
        const widths = fitWidths(natural, terminal);
        const total = widths.reduce((sum, width) => sum + width + 3, 1);
        expect(total).toBeLessThanOrEqual(terminal);
        expect(widths.every((width, index) => width <= (natural[index] ?? 0))).toBe(true);
      }),
    );
  });
});
