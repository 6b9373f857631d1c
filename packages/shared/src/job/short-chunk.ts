import type { z } from 'zod';
import type { chunkJob } from './chunk-job.ts';

/** How long the chunks of one transaction should take together, by what is expected of each: for so long rows of several rollups may be locked, and others wait for what they could compute. */
export const batchBudgetMs = 40;

/** pg-boss's group of the jobs that are never fetched along with others. */
export const aloneGroup = 'alone';

/**
 * Whether a chunk may be computed in one transaction with others. Not one that may take long, for workers that have nothing to do would wait in vain
 * for those behind it; nor one that is delivered anew, which may have failed and would take the others with it; nor one that is traced, whose trace
 * shows the transaction of one chunk.
 */
export function isShort({
  attemptsSpent = 0,
  expectedMs,
  traceparent,
}: Pick<z.input<typeof chunkJob>, 'attemptsSpent' | 'expectedMs' | 'traceparent'>): boolean {
  const isTraced = (Number.parseInt(traceparent?.slice(-2) ?? '0', 16) & 1) === 1; // the lowest of its flags: sampled
  return (
    attemptsSpent === 0 && expectedMs !== undefined && expectedMs * 2 <= batchBudgetMs && !isTraced
  );
}
