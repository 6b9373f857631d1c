import { dataStart } from '../data/readings.ts';
import { statusReadings } from '../data/status-readings.ts';
import { measureFill } from '../fleet/measure-fill.ts';
import { type BenchContext, measureInTurns, type Scenario } from '../scenario.ts';
import { dimensions } from './fill.ts';

/** Columns left out, by variant. */
const variants = {
  numbers: ['state', 'detail'],
  'with text': ['detail'],
  'with text and jsonb': [],
} as const;

/** The most frequent value of text, and jsonb values, beside numbers. */
export const mode: Scenario = {
  name: 'mode',
  description: 'first fill of a quarter-hour table with text and jsonb, against its numbers alone',
  ratios: [
    { name: 'with text / numbers', of: 'with text', to: 'numbers', wanted: 1.3 },
    { name: 'with jsonb / numbers', of: 'with text and jsonb', to: 'numbers', wanted: null },
  ],
  limits: [],
  run: (context) =>
    measureInTurns(
      context,
      Object.entries(variants).map(([name, exclude]) => ({
        name,
        measure: (own: BenchContext) =>
          measureFill(
            own,
            statusReadings,
            {
              source: 'public.status',
              target: 'by_quarter',
              interval: '15 minutes',
              startFrom: dataStart,
              dimensions: Object.keys(dimensions),
              others: { exclude: `'{${exclude.join(',')}}'` },
            },
            1,
          ),
      })),
    ),
};
