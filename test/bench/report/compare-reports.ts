import Table from 'cli-table3';
import { format } from './print-report.ts';
import type { BenchReport } from './report.ts';

export interface Drift {
  readonly scenario: string;
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** Ratios and limits that both reports have. Times are not compared: they are the machine's as much as Silver's. */
export function driftBetween(baseline: BenchReport, report: BenchReport): readonly Drift[] {
  const before = new Map(
    judgementsOf(baseline).map((one) => [`${one.scenario}\n${one.name}`, one]),
  );
  return judgementsOf(report).flatMap(({ name, scenario, value }) => {
    const known = before.get(`${scenario}\n${name}`);
    return known === undefined ? [] : [{ scenario, name, before: known.value, after: value }];
  });
}

/** Prints how far ratios and limits have moved since the baseline. */
export function printDrift(drift: readonly Drift[]): void {
  const table = new Table({
    head: ['scenario', 'ratio or limit', 'baseline', 'now', 'now / baseline'],
    style: { head: [], border: [] },
  });
  for (const { after, before, name, scenario } of drift) {
    table.push([scenario, name, format(before), format(after), format(after / before)]);
  }
  console.log(table.toString());
}

function judgementsOf({ scenarios }: BenchReport) {
  return scenarios.flatMap(({ limits, ratios, scenario }) =>
    [...ratios, ...limits].flatMap(({ median, name }) =>
      median === null ? [] : [{ scenario, name, value: median }],
    ),
  );
}
