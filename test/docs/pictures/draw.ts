import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Colours that are told apart by people who see few, on white. */
export const colours = {
  series: ['#2a6f97', '#e07a5f', '#3d9970', '#8d6cab'],
  bad: '#c1121f',
  quiet: '#8a8f98',
  text: '#22262e',
} as const;

/** Draws a picture as SVG, without a browser. */
export async function draw(spec: TopLevelSpec): Promise<string> {
  const { spec: compiled } = compile({
    background: 'white',
    padding: 12,
    ...spec,
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: { gridColor: '#e6e8ec', domainColor: colours.quiet, labelColor: colours.text },
    },
  });
  const svg = await new View(parse(compiled), { renderer: 'none' }).toSVG();
  return `${svg}\n`;
}
