import { dataStart } from '../data/readings.ts';
import { wideMetrics, wideReadings } from '../data/wide-readings.ts';
import { measureFill } from '../fleet/measure-fill.ts';
import { measureInTurns, type Scenario } from '../scenario.ts';
import { groupByHand, metricTypes } from '../server/group-by-hand.ts';
import { measureByHand } from '../server/measure-by-hand.ts';
import { dimensions } from './fill.ts';

const byHand = groupByHand({
  source: 'public.wide',
  target: 'public.by_hand',
  interval: '15 minutes',
  dimensions,
  metrics: Object.fromEntries(wideMetrics.map((name) => [name, metricTypes.float])),
});

const rollup = {
  source: 'public.wide',
  target: 'by_quarter',
  interval: '15 minutes',
  startFrom: dataStart,
  dimensions: Object.keys(dimensions),
};

/** 30 metrics: 151 columns and the dimensions in the target. */
export const wide: Scenario = {
  name: 'wide',
  description: 'first fill of a quarter-hour table of 30 metrics',
  ratios: [{ name: 'one worker / by hand', of: 'one worker', to: 'by hand', wanted: null }],
  limits: [],
  run: (context) =>
    measureInTurns(context, [
      { name: 'by hand', measure: (own) => measureByHand(own, wideReadings, byHand) },
      { name: 'one worker', measure: (own) => measureFill(own, wideReadings, rollup, 1) },
    ]),
};
