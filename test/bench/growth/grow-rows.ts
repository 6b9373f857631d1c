import { dataEnd, dataStart, readings, ticksOf } from '../data/readings.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { isTrial } from '../scenario.ts';
import { dimensions, metrics } from '../scenarios/fill.ts';
import { measureWindows } from '../server/measure-windows.ts';
import { type GrowthPart, pointOf } from './growth-part.ts';

const curves = { silver: 'fill by rows: one worker', byHand: 'fill by rows: by hand' } as const;
const fractions = [1, 2, 4, 8, 16];

/** The first fill of a minute table, of more and more rows: the last of the readings, up to all. */
export const growRows: GrowthPart = {
  plot: {
    name: 'rows',
    title: 'first fill of a minute table, by rows',
    x: 'rows',
    isLog: true,
    curves: [
      { label: 'one worker', variant: curves.silver },
      { label: 'by hand, in windows, one session', variant: curves.byHand },
    ],
  },
  measure: async (context) => {
    const { copyOf, rows, signal } = context;
    await using copy = await copyOf(readings);
    await using fleet = await startFleet(copy, 1, signal);
    const measured = [];
    const from = Date.parse(new Date(dataStart).toISOString());
    const to = Date.parse(dataEnd(rows));
    const parts = isTrial(context) ? [2, 1] : fractions.toReversed();
    for (const part of parts) {
      // A whole minute, so that both sides compute the same buckets.
      const start = Math.floor((to - (to - from) / part) / 60_000) * 60_000;
      const startFrom = new Date(Math.max(from, start)).toISOString();
      const read = Math.round(ticksOf(rows) / part) * 1_000;
      const startedAt = performance.now();
      await declareRollup(copy, {
        source: 'public.readings',
        target: `rows_${part}`,
        interval: '1 minute',
        startFrom,
        dimensions: Object.keys(dimensions),
      });
      await fleet.untilSettled();
      measured.push(pointOf(curves.silver, read, performance.now() - startedAt));
      const bare = await measureWindows(copy, {
        target: `by_hand_rows_${part}`,
        interval: '1 minute',
        dimensions,
        metrics,
        from: Date.parse(startFrom),
        to,
        signal,
      });
      measured.push(pointOf(curves.byHand, read, bare.durationMs));
    }
    return measured;
  },
};
