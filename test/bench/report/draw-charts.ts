import type { TopLevelSpec } from 'vega-lite';
import { colours, draw } from '../../docs/pictures/draw.ts';
import type { ScenarioReport } from './report.ts';

type PlotReport = ScenarioReport['plots'][number];

/** Each variant's median as a bar from zero, so that lengths compare, with a line from the least to the most over it. */
export function drawBars({ scenario, variants }: ScenarioReport): Promise<string> {
  const rows = variants.map(({ maxMs, medianMs, minMs, variant }) => ({
    variant,
    side: /by hand|whole|windows|hand-written|source|untracked|empty trigger|floor|aggregate/.test(
      variant,
    )
      ? 'by hand'
      : 'Silver',
    median: medianMs / 1000,
    least: minMs / 1000,
    most: maxMs / 1000,
    told: format(medianMs / 1000),
  }));
  const y = {
    field: 'variant',
    type: 'nominal' as const,
    sort: null,
    title: null,
    axis: { labelLimit: 700, ticks: false, domain: false },
  };
  const spec: TopLevelSpec = {
    title: `${scenario}: seconds, medians`,
    width: 460,
    height: { step: 22 },
    data: { values: rows },
    encoding: { y },
    layer: [
      {
        mark: { type: 'bar', height: 14 },
        encoding: {
          x: { field: 'median', type: 'quantitative', title: null },
          color: {
            field: 'side',
            type: 'nominal',
            legend: null,
            scale: { domain: ['Silver', 'by hand'], range: [colours.series[0], colours.quiet] },
          },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 2, color: colours.series[1] },
        encoding: { x: { field: 'least', type: 'quantitative' }, x2: { field: 'most' } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 11, color: colours.text },
        encoding: { x: { field: 'most', type: 'quantitative' }, text: { field: 'told' } },
      },
    ],
  };
  return draw(spec);
}

/** The curves of a plot, each with its points. */
export function drawPlot(plot: PlotReport, variants: ScenarioReport['variants']): Promise<string> {
  const points = plot.curves.flatMap(({ label, variant: prefix }) =>
    variants
      .filter(({ variant }) => variant.startsWith(`${prefix}, `))
      .map(({ details, medianMs }) => ({ curve: label, x: Number(details['x']), ms: medianMs })),
  );
  const log = { type: 'log' as const }; // has no zero
  const spec: TopLevelSpec = {
    title: plot.title,
    width: 520,
    height: 260,
    data: { values: points },
    mark: { type: 'line', point: { size: 50 }, strokeWidth: 2 },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: plot.x,
        scale: plot.isLog ? { ...log, nice: false } : { zero: false, nice: false },
        axis: plot.isLog ? { format: '~s' } : { values: [...new Set(points.map(({ x }) => x))] },
      },
      y: {
        field: 'ms',
        type: 'quantitative',
        title: 'milliseconds',
        ...(plot.isLog && { scale: log }),
      },
      color: {
        field: 'curve',
        type: 'nominal',
        title: null,
        sort: null,
        scale: { range: [...colours.series] },
        legend: { orient: 'bottom', labelLimit: 300 },
      },
    },
  };
  return draw(spec);
}

function format(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}
