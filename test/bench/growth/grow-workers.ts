import { dataEnd, dataStart, readings } from '../data/readings.ts';
import { measureFill } from '../fleet/measure-fill.ts';
import { isTrial } from '../scenario.ts';
import { dimensions, metrics } from '../scenarios/fill.ts';
import { measureWindows } from '../server/measure-windows.ts';
import { type GrowthPart, pointOf } from './growth-part.ts';

const curves = { silver: 'fill by workers: Silver', byHand: 'fill by workers: by hand' } as const;

/** The same fill by more and more workers, past the number of cores. */
export const growWorkers: GrowthPart = {
  plot: {
    name: 'workers',
    title: 'first fill of a minute table, by workers',
    x: 'workers',
    isLog: false,
    curves: [
      { label: 'Silver', variant: curves.silver },
      { label: 'by hand, in windows, as many sessions', variant: curves.byHand },
    ],
  },
  measure: async (context) => {
    const { copyOf, rows, signal } = context;
    const measured = [];
    for (const workers of isTrial(context) ? [1, 2] : [1, 2, 3, 4]) {
      const filled = await measureFill(
        context,
        readings,
        {
          source: 'public.readings',
          target: 'by_minute',
          interval: '1 minute',
          startFrom: dataStart,
          dimensions: Object.keys(dimensions),
        },
        workers,
      );
      measured.push(pointOf(curves.silver, workers, filled.durationMs));
      await using copy = await copyOf(readings);
      const bare = await measureWindows(copy, {
        target: 'by_hand',
        interval: '1 minute',
        dimensions,
        metrics,
        from: Date.parse(new Date(dataStart).toISOString()),
        to: Date.parse(dataEnd(rows)),
        sessions: workers,
        signal,
      });
      measured.push(pointOf(curves.byHand, workers, bare.durationMs));
    }
    return measured;
  },
};
