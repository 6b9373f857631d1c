import { describe, expect, it } from 'vitest';
import { boundNames } from './bound-names.ts';

describe('boundNames', () => {
  it('keeps the first names it meets, and makes one of all others', () => {
    const bound = boundNames(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b'].map(bound)).toEqual([
      'a',
      'b',
      'other',
      'a',
      'other',
      'b',
    ]);
  });
});
