import { availableParallelism, cpus, totalmem } from 'node:os';
import Table from 'cli-table3';
import type { ScenarioReport } from './report.ts';

/** The machine and the programs. */
export function describeMachine(postgres: string): Record<string, string> {
  return {
    cpu: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    node: process.version,
    postgres: postgres.replace(/,.*/, ''),
  };
}

/** Prints what a scenario measured: times, ratios, limits, and what explains them. */
export function printReport(report: ScenarioReport): void {
  const times = new Table({
    head: ['seconds', 'median', 'least', 'most'],
    style: { head: [], border: [] },
  });
  for (const { maxMs, medianMs, minMs, variant } of report.variants) {
    times.push([variant, ...[medianMs, minMs, maxMs].map((ms) => (ms / 1000).toFixed(3))]);
  }
  console.log(`\n${report.scenario}: ${report.description}\n${times.toString()}`);
  for (const { isAsWanted, median, name, wanted } of [...report.ratios, ...report.limits]) {
    const verdict =
      isAsWanted === null ? '' : `, wanted at most ${wanted}: ${isAsWanted ? 'yes' : 'NO'}`;
    console.log(`  ${name}: ${format(median)}${verdict}`);
  }
  for (const { details, variant } of report.variants) {
    const told = Object.entries(details).map(([key, value]) => `${key} ${format(value)}`);
    if (told.length > 0) {
      console.log(`  ${variant}: ${told.join(', ')}`);
    }
  }
}

/** Three digits are more than any of this is exact to. */
export function format(value: number | string | null): string {
  if (typeof value !== 'number') {
    return value ?? 'not measured';
  }
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
