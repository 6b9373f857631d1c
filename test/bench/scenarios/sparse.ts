import { sparseReadings, sparseStart } from '../data/sparse-readings.ts';
import { measureFill } from '../fleet/measure-fill.ts';
import { measureInTurns, type Scenario } from '../scenario.ts';
import { groupByHand, metricTypes } from '../server/group-by-hand.ts';
import { measureByHand } from '../server/measure-by-hand.ts';

const byHand = groupByHand({
  source: 'public.sparse',
  target: 'public.by_hand',
  interval: '1 day',
  dimensions: { device: 'integer' },
  metrics: { temperature: metricTypes.float },
});

const rollup = {
  source: 'public.sparse',
  target: 'by_day',
  interval: '1 day',
  startFrom: sparseStart,
  dimensions: ['device'],
};

/** Five years of few rows: buckets are many and nearly empty, and so are partitions. */
export const sparse: Scenario = {
  name: 'sparse',
  description: 'first fill of a daily table of hourly rows of 20 devices over years',
  ratios: [{ name: 'one worker / by hand', of: 'one worker', to: 'by hand', wanted: null }],
  limits: [],
  run: (context) =>
    measureInTurns(context, [
      { name: 'by hand', measure: (own) => measureByHand(own, sparseReadings, byHand) },
      { name: 'one worker', measure: (own) => measureFill(own, sparseReadings, rollup, 1) },
    ]),
};
