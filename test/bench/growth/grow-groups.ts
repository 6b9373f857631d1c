import { dataEnd, dataStart, readings } from '../data/readings.ts';
import { explainRefreshes } from '../fleet/explain-refreshes.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { isTrial } from '../scenario.ts';
import { dimensions, metrics } from '../scenarios/fill.ts';
import { measureWindows } from '../server/measure-windows.ts';
import { type GrowthPart, pointOf } from './growth-part.ts';

const curves = { silver: 'fill by groups: one worker', byHand: 'fill by groups: by hand' } as const;

/** Buckets and dimensions of the same rows, from one group an hour to a thousand a minute. */
const groupings: readonly (readonly [interval: string, dimensions: readonly string[]])[] = [
  ['1 hour', []],
  ['1 minute', []],
  ['1 minute', ['kind']],
  ['1 minute', ['site']],
  ['15 minutes', ['device']],
  ['1 minute', ['device']],
];

/** The same rows into more and more groups. */
export const growGroups: GrowthPart = {
  plot: {
    name: 'groups',
    title: 'first fill, by the groups that come out',
    x: 'groups',
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
    const chosen = isTrial(context) ? [groupings[1], groupings[5]] : groupings;
    for (const [index, [interval, names] = ['1 hour', []]] of chosen.entries()) {
      const target = `groups_${index}`;
      const left = Object.keys(dimensions).filter((name) => !names.includes(name));
      const startedAt = performance.now();
      await declareRollup(copy, {
        source: 'public.readings',
        target,
        interval,
        startFrom: dataStart,
        dimensions: names,
        others: { exclude: `'{${left.join(',')}}'` },
      });
      await fleet.untilSettled();
      const durationMs = performance.now() - startedAt;
      const { rowsWritten = 0 } = await explainRefreshes(copy, `public.${target}`);
      measured.push(pointOf(curves.silver, rowsWritten, durationMs));
      const bare = await measureWindows(copy, {
        target: `by_hand_${index}`,
        interval,
        dimensions: Object.fromEntries(
          Object.entries(dimensions).filter(([name]) => names.includes(name)),
        ),
        metrics,
        from: Date.parse(new Date(dataStart).toISOString()),
        to: Date.parse(dataEnd(rows)),
        step: interval === '1 hour' ? 3_600_000 : 900_000,
        windows: 8,
        signal,
      });
      measured.push(pointOf(curves.byHand, rowsWritten, bare.durationMs));
    }
    return measured;
  },
};
