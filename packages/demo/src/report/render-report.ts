import Table from 'cli-table3';
import type { JudgedTable } from '../judge/judge-rollups.ts';
import type { Verdict } from '../judge/open-judge.ts';
import type { Lap } from '../run/stopwatch.ts';
import type { RollupProgress } from '../watch/watch-rollups.ts';

/** One line a rollup: how much there was to do, how fast it went, and whether it is right. */
export function renderRollups(
  rollups: readonly RollupProgress[],
  judged: readonly JudgedTable[],
): string {
  const table = new Table({
    head: [
      'rollup',
      'buckets',
      'chunks',
      'of these late',
      'rows read',
      'rows/s in a chunk',
      'table',
      'live view',
    ],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [] },
  });
  for (const { busyMs, chunks, lateChunks, rowsRead, target } of rollups) {
    const own = judged.find((one) => one.target === target && !one.isLiveView);
    const live = judged.find((one) => one.target === target && one.isLiveView);
    table.push([
      target,
      whole(own?.verdict.buckets ?? 0),
      whole(chunks),
      whole(lateChunks),
      whole(rowsRead),
      whole(busyMs > 0 ? (rowsRead * 1000) / busyMs : 0),
      renderVerdict(own?.verdict),
      renderVerdict(live?.verdict),
    ]);
  }
  return table.toString();
}

/** One line a step, and the total. */
export function renderLaps(laps: readonly Lap[], totalMs: number): string {
  const table = new Table({
    head: ['step', 'seconds'],
    colAligns: ['left', 'right'],
    style: { head: [], border: [] },
  });
  for (const { durationMs, step } of [...laps, { step: 'all', durationMs: totalMs }]) {
    table.push([step, (durationMs / 1000).toFixed(1)]);
  }
  return table.toString();
}

/** What a comparison found, in a few words. */
export function renderVerdict(verdict: Verdict | undefined): string {
  if (verdict === undefined) {
    return 'none';
  }
  const { different, firstMismatch, missing, unexpected } = verdict;
  if (missing + unexpected + different === 0) {
    return 'right';
  }
  return `${missing} missing, ${unexpected} unexpected, ${different} different; first ${firstMismatch}`;
}

/** A whole number with thousands set apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
