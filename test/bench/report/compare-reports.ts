import Table from 'cli-table3';
import { format } from './print-report.ts';
import { type BenchReport, runOf } from './report.ts';

export interface Drift {
  readonly scenario: string;
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** How many rows each was measured with. */
  readonly rows: readonly [before: string, after: string];
}

/** Ratios and limits that both reports have. Times are not compared: they are the machine's as much as Silver's. */
export function driftBetween(baseline: BenchReport, report: BenchReport): readonly Drift[] {
  const before = new Map(
    judgementsOf(baseline).map((one) => [`${one.scenario}\n${one.name}`, one]),
  );
  return judgementsOf(report).flatMap(({ name, rows, scenario, value }) => {
    const known = before.get(`${scenario}\n${name}`);
    return known === undefined
      ? []
      : [{ scenario, name, before: known.value, after: value, rows: [known.rows, rows] as const }];
  });
}

/** Prints how far ratios and limits have moved since the baseline, and says where the sizes differ, so that they may. */
export function printDrift(baseline: BenchReport, report: BenchReport): void {
  const table = new Table({
    head: ['scenario', 'ratio or limit', 'baseline', 'now', 'now / baseline'],
    style: { head: [], border: [] },
  });
  const drift = driftBetween(baseline, report);
  for (const { after, before, name, scenario } of drift) {
    const moved = before === 0 ? '' : format(after / before);
    table.push([scenario, name, format(before), format(after), moved]);
  }
  console.log(table.toString());
  const resized = new Set(
    drift
      .filter(({ rows: [before, after] }) => before !== after)
      .map(({ rows: [before, after], scenario }) => `${scenario} (${before} rows, now ${after})`),
  );
  if (resized.size > 0) {
    console.log(`Of another size than the baseline: ${[...resized].join(', ')}.`);
  }
}

function judgementsOf(report: BenchReport) {
  return report.scenarios.flatMap((one) =>
    [...one.ratios, ...one.limits].flatMap(({ median, name }) =>
      median === null
        ? []
        : [{ scenario: one.scenario, name, value: median, rows: runOf(report, one).rows }],
    ),
  );
}
