import { describe, expect, it } from 'vitest';
import { simulateJump } from './window-plot.ts';

describe('the plot of window sizing', () => {
  it.each([100, 0.01])('shows the target met again ten chunks after a jump of %d', (jump) => {
    const durations = simulateJump(jump).map(({ durationMs }) => durationMs);
    // In balance before; the eleventh chunk meets the jump unaware.
    expect(durations[9]).toBeGreaterThan(900);
    expect(durations[9]).toBeLessThan(1_100);
    expect(Math.abs(Math.log10((durations[10] ?? 0) / 1_000))).toBeGreaterThan(1.5);
    expect(durations[20]).toBeGreaterThan(1_000 / 3);
    expect(durations[20]).toBeLessThan(3_000);
  });
});
