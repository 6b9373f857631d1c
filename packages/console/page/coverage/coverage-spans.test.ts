import { describe, expect, it } from 'vitest';
import { pan, spanAt, ticks, toSpans, wholeView, zoom } from './coverage-spans.ts';

const hour = 3_600_000;
const spans = toSpans([
  {
    state: 'dead',
    buckets: 1,
    exact: true,
    ranges: [['2026-03-01T01:00:00+00:00', '2026-03-01T02:00:00+00:00']],
  },
  {
    state: 'covered',
    buckets: 10,
    exact: true,
    ranges: [['2026-03-01T00:00:00+00:00', '2026-03-01T10:00:00+00:00']],
  },
  { state: 'expired', buckets: null, exact: true, ranges: [[null, '2026-03-01T00:00:00+00:00']] },
]);
const start = Date.parse('2026-03-01T00:00:00Z');

describe('the coverage map', () => {
  it('draws trouble over what is well, whatever order it comes in', () => {
    expect(spans.map(({ state }) => state)).toEqual(['expired', 'covered', 'dead']);
    expect(spanAt(spans, start + 1.5 * hour)?.state).toBe('dead');
    expect(spanAt(spans, start + 2.5 * hour)?.state).toBe('covered');
    expect(spanAt(spans, start - hour)?.state).toBe('expired');
    expect(spanAt(spans, start + 11 * hour)).toBeUndefined();
  });

  it('shows all that is finite', () => {
    expect(wholeView(spans, 0)).toEqual({ from: start, to: start + 10 * hour });
    expect(wholeView([], hour)).toEqual({ from: 0, to: hour });
  });

  it('zooms about a place and stays within the whole', () => {
    const whole = wholeView(spans, 0);
    const near = zoom(whole, 0.1, 0.5, whole);
    expect(near).toEqual({ from: start + 4.5 * hour, to: start + 5.5 * hour });
    expect(zoom(near, 100, 0.5, whole)).toEqual(whole);
    expect(pan(near, 100, whole).to).toBe(whole.to);
    expect(pan(near, -100, whole).from).toBe(whole.from);
    const closest = zoom(near, 0, 0.5, whole);
    expect(closest.to - closest.from).toBeCloseTo(1_000);
  });

  it('marks round instants, never more than asked for', () => {
    for (const width of [10_000, hour, 30 * hour, 24 * 900 * hour, 24 * 365 * 30 * hour]) {
      const marks = ticks({ from: start, to: start + width }, 8);
      expect(marks.length).toBeGreaterThan(0);
      expect(marks.length).toBeLessThanOrEqual(9);
    }
    expect(ticks({ from: start, to: start + 6 * hour }, 8)[1]).toBe(start + hour);
  });
});
