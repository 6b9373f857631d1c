import { availableParallelism, cpus, totalmem } from 'node:os';
import Table from 'cli-table3';
import type { Measurement, Scenario } from './scenario.ts';
import type { RatioSummary, VariantSummary } from './summarize.ts';

/** The machine and the programs, without which no time means anything. */
export function describeMachine(postgres: string): Record<string, string> {
  return {
    cpu: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    node: process.version,
    postgres: postgres.replace(/,.*/, ''),
  };
}

/** Prints what a scenario measured: each round, medians, ratios, and where Silver's time went. */
export function printResult(
  scenario: Scenario,
  measurements: readonly Measurement[],
  variants: readonly VariantSummary[],
  ratios: readonly RatioSummary[],
): void {
  const rounds = Math.max(...measurements.map(({ round }) => round));
  const times = new Table({
    head: ['seconds', ...Array.from({ length: rounds }, (_, n) => `round ${n + 1}`), 'median'],
    style: { head: [], border: [] },
  });
  for (const { medianMs, variant } of variants) {
    const own = measurements
      .filter((one) => one.variant === variant)
      .map(({ durationMs }) => (durationMs / 1000).toFixed(2));
    times.push([variant, ...own, (medianMs / 1000).toFixed(2)]);
  }
  console.log(`\n${scenario.name}: ${scenario.description}\n${times.toString()}`);
  for (const { isAsWanted, median, name, wanted } of ratios) {
    const judged =
      isAsWanted === null
        ? ''
        : `, wanted at most ${wanted?.toFixed(2)}: ${isAsWanted ? 'yes' : 'NO'}`;
    console.log(`  ${name}: ${median.toFixed(2)}${judged}`);
  }
  for (const { details, round, variant } of measurements) {
    const told = Object.entries(details).map(
      ([key, value]) => `${key} ${typeof value === 'number' ? Math.round(value) : value}`,
    );
    console.log(`  round ${round}, ${variant}: ${told.join(', ')}`);
  }
}
