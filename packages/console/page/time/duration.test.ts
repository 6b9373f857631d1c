import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatInterval, formatSeconds } from './duration.ts';

describe('durations and counts', () => {
  it('are told in their two largest units', () => {
    expect(formatSeconds(0)).toBe('0 s');
    expect(formatSeconds(0.25)).toBe('250 ms');
    expect(formatSeconds(59.6)).toBe('1 min');
    expect(formatSeconds(3_661)).toBe('1 h 1 min');
    expect(formatSeconds(90_000)).toBe('1 d 1 h');
    expect(formatSeconds(null)).toBe('–');
  });

  it('understand the intervals of PostgreSQL, and leave alone what they do not', () => {
    expect(formatInterval('01:00:00')).toBe('1 h');
    expect(formatInterval('1111:00:00')).toBe('46 d 7 h');
    expect(formatInterval('1 mon')).toBe('1 mo');
    expect(formatInterval('1 year 2 mons 3 days 00:15:00')).toBe('1 y 2 mo 3 d 15 min');
    expect(formatInterval('P1D')).toBe('P1D');
    expect(formatInterval(null)).toBe('–');
  });

  it('count in full up to a million', () => {
    expect(formatCount(999_999)).toBe('999,999');
    expect(formatCount(3_000_000)).toBe('3M');
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(1_536)).toBe('1.5 KiB');
  });
});
