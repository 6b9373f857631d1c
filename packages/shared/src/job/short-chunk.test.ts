import { describe, expect, it } from 'vitest';
import { batchBudgetMs, isShort } from './short-chunk.ts';

describe('isShort', () => {
  const chunk = { traceparent: null, expectedMs: 5 };
  const traced = (flags: string) => `00-${'a'.repeat(32)}-${'b'.repeat(16)}-${flags}`;

  it('takes chunks of which two or more fit into a transaction', () => {
    expect(isShort(chunk)).toBe(true);
    expect(isShort({ ...chunk, expectedMs: batchBudgetMs / 2 })).toBe(true);
    expect(isShort({ ...chunk, expectedMs: batchBudgetMs / 2 + 1 })).toBe(false);
  });

  it('takes none of which nobody knows, that was tried before, or that is traced', () => {
    expect(isShort({ traceparent: null })).toBe(false);
    expect(isShort({ ...chunk, attemptsSpent: 1 })).toBe(false);
    expect(isShort({ ...chunk, traceparent: traced('01') })).toBe(false);
    expect(isShort({ ...chunk, traceparent: traced('00') })).toBe(true);
  });
});
