import Table from 'cli-table3';
import type { ChaosReport } from './run-chaos.ts';

/** Prints what was done, what was broken, what was found, and last one line that says it all. */
export function printReport(report: ChaosReport): void {
  const { done, injected, refused, rows, shown, state, stuck } = report;
  const written = plainTable(['written', 'done', 'refused', 'rows']);
  for (const kind of new Set([...done.kinds, ...refused.kinds])) {
    written.push([kind, done.of(kind), refused.of(kind), rows.of(kind)]);
  }
  const broken = plainTable(['broken', 'times']);
  for (const kind of injected.kinds) {
    broken.push([kind, injected.of(kind)]);
  }
  console.log(`${written.toString()}\n${broken.toString()}`);
  for (const wrong of shown) {
    console.log(
      `mismatch: ${wrong.relation} ${wrong.bucket} ${wrong.device ?? 'null'}\n    expected ${wrong.expected}\n    found    ${wrong.found}`,
    );
  }
  if (state !== null) {
    console.log(`Silver's tables in the snapshot of the first mismatch:\n${state}`);
  }
  if (stuck !== null) {
    console.log(`never finished: ${stuck}`);
  }
  console.log(summarize(report));
}

/** The totals of a run in one line. */
export function summarize(report: ChaosReport): string {
  const { buckets, chunks, done, firstMismatchAfter, injected, interrupted } = report;
  const { mismatches, rows, seed, snapshots, stuck } = report;
  const after =
    firstMismatchAfter === null ? '' : `, the first after ${firstMismatchAfter.toFixed(1)} s`;
  return [
    `chaos: seed ${seed}`,
    `${injected.total} faults`,
    `${done.total} writes of ${rows.total} rows`,
    `${chunks} chunks`,
    `${snapshots} snapshots (${interrupted} more cut off)`,
    `${buckets} buckets compared`,
    `${mismatches} mismatches${after}${stuck === null ? '' : ', and it did not finish'}`,
  ].join(', ');
}

function plainTable(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
