import type { TopLevelSpec } from 'vega-lite';
import { colours, draw } from './draw.ts';
import type { Recording, Sample } from './record-fleet.ts';

/** A second to a month: what has never been filled is late by its whole history. */
const ticks = [0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** The lag of each rollup and the chunks in flight over time, with what happened meanwhile. */
export function drawFreshness({ happenings, samples }: Recording): Promise<string> {
  const last = Math.ceil(Math.max(...samples.map(({ seconds }) => seconds)));
  const x = {
    field: 'seconds',
    type: 'quantitative' as const,
    title: 'seconds',
    scale: { domain: [0, last], nice: false },
  };
  const rules = {
    data: { values: happenings.map((each, index) => ({ ...each, row: index % 2 })) },
    layer: [
      {
        mark: { type: 'rule' as const, color: colours.quiet, strokeDash: [3, 3] },
        encoding: { x },
      },
      {
        mark: {
          type: 'text' as const,
          align: 'left' as const,
          baseline: 'top' as const,
          dx: 4,
          dy: { expr: 'datum.row * 14' },
          fontSize: 11,
          color: colours.text,
        },
        encoding: {
          x,
          y: { value: 2 },
          text: { field: 'what' },
        },
      },
    ],
  };
  const panel = (measure: Sample['measure'], title: string, height: number, area: boolean) => ({
    width: 760,
    height,
    layer: [
      {
        data: { values: samples.filter((sample) => sample.measure === measure) },
        mark: area
          ? { type: 'area' as const, interpolate: 'step-after' as const, opacity: 0.85 }
          : { type: 'line' as const, interpolate: 'step-after' as const, strokeWidth: 2 },
        encoding: {
          x,
          y: {
            field: 'value',
            type: 'quantitative' as const,
            title,
            ...(area
              ? { stack: 'zero' as const }
              : { scale: { type: 'symlog' as const }, axis: { values: [...ticks] } }),
          },
          color: {
            field: 'series',
            type: 'nominal' as const,
            title: null,
            scale: { range: [...colours.series] },
            legend: { orient: 'bottom' as const },
          },
        },
      },
      rules,
    ],
  });
  const spec: TopLevelSpec = {
    vconcat: [
      panel('lag', 'lag, seconds', 150, false),
      panel('chunks', 'chunks in flight', 130, true),
    ],
    resolve: { scale: { color: 'independent' } },
  };
  return draw(spec);
}
