import type { Progress } from '@silver/cli/screen';
import type { RollupProgress } from './watch-rollups.ts';

/** Rows per second are measured over this much of the past. */
const rateWindowMs = 4_000;

/** Turns what is seen of the rollups into bars; keeps the last seconds of them to tell how many rows go by. */
export function createRollupBars(): (
  rollups: readonly RollupProgress[],
  nowMs: number,
) => Progress[] {
  const seen = new Map<string, { atMs: number; rows: number }[]>();
  return (rollups, nowMs) =>
    rollups.map((rollup) => {
      const samples = seen.get(rollup.target) ?? [];
      samples.push({ atMs: nowMs, rows: rollup.rowsRead });
      while (samples[1] !== undefined && samples[1].atMs <= nowMs - rateWindowMs) {
        samples.shift();
      }
      seen.set(rollup.target, samples);
      return {
        label: rollup.target,
        done: rollup.coveredSeconds,
        total: rollup.totalSeconds,
        detail: describe(rollup, rateOf(samples)),
      };
    });
}

function describe(
  { chunks, inFlight, pendingBuckets }: RollupProgress,
  rowsPerSecond: number,
): string {
  return [
    `${chunks} chunks done`,
    `${inFlight} in flight`,
    `${pendingBuckets.toLocaleString('en')} buckets to do`,
    `${Math.round(rowsPerSecond).toLocaleString('en')} rows/s`,
  ].join(', ');
}

function rateOf(samples: readonly { atMs: number; rows: number }[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) {
    return 0;
  }
  return ((last.rows - first.rows) * 1000) / (last.atMs - first.atMs);
}
