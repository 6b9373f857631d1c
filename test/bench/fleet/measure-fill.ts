import type { Dataset } from '../data/dataset.ts';
import type { BenchContext, Measured } from '../scenario.ts';
import { explainRefreshes } from './explain-refreshes.ts';
import { cpuMsBetween, usedBy } from './process-load.ts';
import { declareRollup, type RollupOptions } from './rollup.ts';
import { startFleet } from './start-fleet.ts';

/** Fills a rollup with everything on: triggers, ledger, queue, a scheduler and so many workers of so many slots, from its declaration on. */
export async function measureFill(
  { copyOf, signal }: BenchContext,
  dataset: Dataset,
  rollup: RollupOptions,
  workers: number,
  slots = 1,
): Promise<Measured> {
  await using copy = await copyOf(dataset);
  await using fleet = await startFleet(copy, workers, signal, slots);
  const declaredAt = performance.now();
  await declareRollup(copy, rollup);
  const before = await usedBy(copy, fleet.members);
  const startedAt = performance.now();
  await fleet.untilSettled();
  const durationMs = performance.now() - startedAt;
  const cpuMs = cpuMsBetween(before, await usedBy(copy, fleet.members));
  const refreshes = await explainRefreshes(copy, `public.${rollup.target}`);
  return { durationMs, details: { declareMs: startedAt - declaredAt, cpuMs, ...refreshes } };
}
