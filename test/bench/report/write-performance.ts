import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawBars } from './draw-bars.ts';
import { format } from './print-report.ts';
import type { BenchReport, ScenarioReport } from './report.ts';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const whatWasTried = new URL('what-was-tried.md', import.meta.url);

/** Writes docs/performance.md and a picture for each scenario from what the bench measured. */
export async function writePerformance(report: BenchReport, directory = docs): Promise<void> {
  await mkdir(join(directory, 'performance'), { recursive: true });
  for (const scenario of report.scenarios) {
    await writeFile(join(directory, pictureOf(scenario)), draw(scenario));
  }
  const text = describePerformance(report, await readFile(whatWasTried, 'utf8'));
  await writeFile(join(directory, 'performance.md'), text);
}

/** The document: the machine, then each scenario with its times, its ratios, and what explains them. */
export function describePerformance({ scenarios, settings }: BenchReport, tried: string): string {
  return `# Performance

Written by \`npm run bench -- document FILE\` from a run's \`--json FILE\`. Times are this machine's; ratios are medians of those within a
round, whose variants take turns, and hold on others better. "Whole" is one hand-written INSERT … SELECT … GROUP BY, "windows" the same cut into the best
of several numbers of windows, in one or two sessions: plain tables without bookkeeping. "Workers" are Silver with everything on: triggers, ledger, queue,
scheduler and workers as processes.

${table(['setting', 'value'], Object.entries(settings))}

${scenarios.map(describeScenario).join('\n')}
${tried}`;
}

function describeScenario(scenario: ScenarioReport): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const times = scenario.variants.map(({ maxMs, medianMs, minMs, variant }) => [
    variant,
    ...[medianMs, minMs, maxMs].map(seconds),
  ]);
  const judged = [...scenario.ratios, ...scenario.limits].map(
    ({ isAsWanted, median, name, wanted }) => [
      name,
      format(median),
      wanted === null ? '' : String(wanted),
      isAsWanted === null ? '' : isAsWanted ? 'yes' : 'no',
    ],
  );
  const details = scenario.variants.flatMap(({ details: own, variant }) => {
    const told = Object.entries(own).map(([name, value]) => `${name} ${format(value)}`);
    return told.length === 0 ? [] : [`- ${variant}: ${told.join(', ')}`];
  });
  return `## ${scenario.scenario}: ${scenario.description}

![${scenario.scenario}](${pictureOf(scenario)})

${table(['seconds', 'median', 'least', 'most'], times)}

${table(['ratio or limit', 'median', 'wanted at most', 'reached'], judged)}
${details.length === 0 ? '' : `\n${details.join('\n')}\n`}`;
}

function draw({ description, scenario, variants }: ScenarioReport): string {
  return drawBars(
    `${scenario}: ${description}`,
    's',
    variants.map(({ maxMs, medianMs, minMs, variant }) => ({
      label: variant,
      value: medianMs / 1000,
      spread: [minMs / 1000, maxMs / 1000],
    })),
  );
}

function pictureOf({ scenario }: ScenarioReport): string {
  return `performance/${scenario}.svg`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
