import type { Dataset } from '../data/dataset.ts';
import type { BenchContext, Measured } from '../scenario.ts';
import { type ByHand, runByHand } from './run-by-hand.ts';

/** Runs one statement written by hand over a whole data set. */
export async function measureByHand(
  { copyOf, signal }: BenchContext,
  dataset: Dataset,
  statement: ByHand,
): Promise<Measured> {
  await using copy = await copyOf(dataset);
  return await runByHand(copy, statement, [['-infinity', 'infinity']], signal);
}
