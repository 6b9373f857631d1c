import Table from 'cli-table3';
import type { Mismatch } from './compare-levels.ts';
import type { ChaosReport } from './run-chaos.ts';

/** Prints what was done, what was broken, what was found, and last one line that says it all. */
export function printReport(report: ChaosReport): void {
  const { done, injected, outlived, refused, rows, shown, stuck } = report;
  const written = plainTable(['written', 'done', 'refused', 'rows']);
  for (const kind of new Set([...done.kinds, ...refused.kinds])) {
    written.push([kind, done.of(kind), refused.of(kind), rows.of(kind)]);
  }
  const broken = plainTable(['broken', 'times']);
  for (const kind of injected.kinds) {
    broken.push([kind, injected.of(kind)]);
  }
  console.log(`${written.toString()}\n${broken.toString()}`);
  console.log(`${outlived.total} prepared transactions outlived a crash of PostgreSQL`);
  if (shown.length > 0) {
    console.log(describeMismatches(shown, null));
  }
  if (stuck !== null) {
    console.log(`never finished: ${stuck}`);
  }
  console.log(summarize(report));
}

/** Each in two lines; and what Silver's tables said in their snapshot, where that is known. */
export function describeMismatches(mismatches: readonly Mismatch[], state: string | null): string {
  const lines = mismatches.map(
    ({ bucket, device, expected, found, relation }) =>
      `mismatch: ${relation} ${bucket} ${device ?? 'null'}\n    expected ${expected}\n    found    ${found}`,
  );
  return [...lines, ...(state === null ? [] : [`In that snapshot: ${state}`])].join('\n');
}

/** The totals of a run in one line. */
export function summarize(report: ChaosReport): string {
  const { buckets, chunks, chunksByGroup, done, firstMismatchAfter, injected, interrupted } =
    report;
  const { mismatches, rows, seed, snapshots, stuck } = report;
  const after =
    firstMismatchAfter === null ? '' : `, the first after ${firstMismatchAfter.toFixed(1)} s`;
  return [
    `chaos: seed ${seed}`,
    `${injected.total} faults`,
    `${done.total} writes of ${rows.total} rows`,
    `${chunks} chunks, ${chunksByGroup} of them by group`,
    `${snapshots} snapshots (${interrupted} more cut off)`,
    `${buckets} buckets compared`,
    `${mismatches} mismatches${after}${stuck === null ? '' : ', and it did not finish'}`,
  ].join(', ');
}

function plainTable(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
