import { describe, expect, it } from 'vitest';
import { showInterval, showSeconds } from './show-duration.ts';

describe('showSeconds', () => {
  it.each([
    [0, '0 s'],
    [0.25, '0.3 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [7_500, '2 h 5 min'],
    [86_400 * 3 + 3_600 * 4 + 59, '3 d 4 h'],
  ])('%d is %s', (seconds, said) => {
    expect(showSeconds(seconds)).toBe(said);
  });
});

describe('showInterval', () => {
  it('leaves out fractions of seconds', () => {
    expect(showInterval('2 days 03:04:05.678901')).toBe('2 days 03:04:05');
  });
});
