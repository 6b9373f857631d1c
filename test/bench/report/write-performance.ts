import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentedScenarios } from './documented-scenarios.ts';
import { drawBars, drawPlot } from './draw-charts.ts';
import type { MeasuredScenario, MergedReport } from './merge-reports.ts';
import { format } from './print-report.ts';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));

/** Writes docs/performance.md and its pictures from what the bench measured; pictures of what was not measured go. */
export async function writePerformance(report: MergedReport, directory = docs): Promise<void> {
  const folder = join(directory, 'performance');
  await mkdir(folder, { recursive: true });
  const pictures = new Map<string, string>();
  for (const scenario of report.scenarios) {
    if (scenario.plots.length === 0) {
      pictures.set(`${scenario.scenario}.svg`, await drawBars(scenario));
    }
    for (const plot of scenario.plots) {
      pictures.set(
        `${scenario.scenario}-${plot.name}.svg`,
        await drawPlot(plot, scenario.variants),
      );
    }
  }
  for (const [name, svg] of pictures) {
    await writeFile(join(folder, name), svg);
  }
  for (const name of await readdir(folder)) {
    if (!pictures.has(name)) {
      await rm(join(folder, name));
    }
  }
  const written = ['what-was-tried.md', 'measured-elsewhere.md'].map((name) =>
    readFile(new URL(name, import.meta.url), 'utf8'),
  );
  const [tried = '', elsewhere = ''] = await Promise.all(written);
  const text = describePerformance(report, { tried, elsewhere });
  await writeFile(join(directory, 'performance.md'), text);
}

/** The document: what was wanted and reached, the machine, each scenario with its times, ratios and what explains them, what was tried. */
export function describePerformance(
  { scenarios, settings }: MergedReport,
  { elsewhere, tried }: { readonly elsewhere: string; readonly tried: string },
): string {
  return `# Performance

Written by \`npm run bench -- document FILE…\` from what runs wrote with \`--json FILE\`; how to run it is in [CONTRIBUTING](../CONTRIBUTING.md#measuring). Times are this machine's; ratios are medians of those within a
round, whose variants take turns, and hold on others better. "Whole" is one hand-written INSERT … SELECT … GROUP BY, "windows" the same cut into the best
of several numbers of windows, in one or two sessions: plain tables without bookkeeping. "Workers" are Silver with everything on: triggers, ledger, queue,
scheduler and workers as processes.

${describeMarks(scenarios)}

${elsewhere.trim()}

## The machine

${table(['setting', 'value'], Object.entries(settings))}

${table(
  ['scenario', 'rows', 'rounds', 'seed', 'measured (UTC)'],
  scenarios.map(({ run, scenario }) => [
    `[${scenario}](#${scenario})`,
    thousands(run.rows),
    run.rounds,
    run.seed,
    run.measured,
  ]),
)}

Other data sets are made in proportion to the rows: \`wide\` and \`mode\` have a tenth, \`sparse\` five years at 10,000,000.

${scenarios.map(describeScenario).join('\n')}
${tried.trim()}
`;
}

/** Everything that a bound is known for, reached or not. */
function describeMarks(scenarios: readonly MeasuredScenario[]): string {
  const marks = scenarios.flatMap(({ limits, ratios, run, scenario }) =>
    [...ratios, ...limits].flatMap(({ isAsWanted, median, name, wanted }) =>
      wanted === null ? [] : [{ scenario, rows: run.rows, name, median, wanted, isAsWanted }],
    ),
  );
  const reached = marks.filter(({ isAsWanted }) => isAsWanted === true).length;
  return `## What was wanted

${reached} of ${marks.length} marks were reached in these runs.

${table(
  ['scenario', 'rows', 'ratio or limit', 'wanted at most', 'measured', 'reached'],
  marks.map(({ isAsWanted, median, name, rows, scenario, wanted }) => [
    scenario,
    thousands(rows),
    name,
    String(wanted),
    format(median),
    isAsWanted === null ? 'not measured' : isAsWanted ? 'yes' : '**no**',
  ]),
)}`;
}

function describeScenario(scenario: MeasuredScenario): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(ms < 10 ? 5 : 3);
  const times = scenario.variants.map(({ maxMs, medianMs, minMs, variant }) => [
    variant,
    ...[medianMs, minMs, maxMs].map(seconds),
  ]);
  const judged = [...scenario.ratios, ...scenario.limits].map(
    ({ isAsWanted, median, name, wanted }) => [
      name,
      format(median),
      wanted === null ? '' : String(wanted),
      isAsWanted === null ? '' : isAsWanted ? 'yes' : '**no**',
    ],
  );
  const details = scenario.variants.flatMap(({ details: own, variant }) => {
    const told = Object.entries(own).map(([name, value]) => `${name} ${format(value)}`);
    return told.length === 0 ? [] : [`- ${variant}: ${told.join(', ')}`];
  });
  const { run } = scenario;
  const plots = scenario.plots.map(
    ({ name, title }) => `![${title}](performance/${scenario.scenario}-${name}.svg)`,
  );
  const pictures =
    plots.length === 0
      ? [`![${scenario.description}](performance/${scenario.scenario}.svg)`]
      : plots;
  const parts = [
    `## ${scenario.scenario}`,
    `${capitalize(scenario.description)}. ${thousands(run.rows)} rows, ${run.rounds === '1' ? 'one round' : `${run.rounds} rounds`}.`,
    documentedScenarios.get(scenario.scenario)?.explanation ?? '',
    ...pictures,
    table(['seconds', 'median', 'least', 'most'], times),
    judged.length === 0
      ? ''
      : table(['ratio or limit', 'median', 'wanted at most', 'reached'], judged),
    details.join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function thousands(text: string): string {
  const value = Number(text);
  return Number.isNaN(value) ? text : value.toLocaleString('en-US');
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
