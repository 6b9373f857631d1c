import { dataStart, readings } from '../data/readings.ts';
import { explainRefreshes } from '../fleet/explain-refreshes.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import { groupByHand } from '../server/group-by-hand.ts';
import { hourByHand } from '../server/hour-by-hand.ts';
import { runByHand } from '../server/run-by-hand.ts';
import { dimensions, indexes, metrics } from './fill.ts';

const steps = [
  { level: 'minute', interval: '1 minute' },
  { level: 'hour', interval: '1 hour' },
  { level: 'day', interval: '1 day' },
  { level: 'month', interval: '1 month' },
] as const;
const above = steps.slice(1);

/**
 * Minute → hour → day → month, each from the one below, against each from raw rows. The time of a level is that of its chunks.
 * The minute table has a sixth of raw's rows, the hour table a 360th.
 */
export const ladder: Scenario = {
  name: 'ladder',
  description: 'a hierarchy, level by level, against each level from raw rows',
  ratios: [
    ...above.map(({ level }) => ({
      name: `${level}: from the level below / from raw`,
      of: `${level}: from below`,
      to: `${level}: from raw`,
      wanted: level === 'hour' ? 0.25 : 0.1,
    })),
    {
      name: 'hour, by hand: from the level below / from raw',
      of: 'hour: by hand from below',
      to: 'hour: by hand from raw',
      wanted: null,
    },
    {
      name: 'hour from the level below / the same by hand',
      of: 'hour: from below',
      to: 'hour: by hand from below',
      wanted: null,
    },
  ],
  limits: [],
  explanation: `By hand stands one statement over all, into a table with the same indexes; of the minute table when it has been read before, as raw rows have been.
A row of the minute table has 25 columns, one of raw rows 8: that is why a sixth of the rows takes more than a sixth of the time.`,
  run: (context) => inRounds(context, measureRound),
};

async function measureRound({ copyOf, signal }: BenchContext): Promise<readonly MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  for (const from of ['below', 'raw'] as const) {
    await using copy = await copyOf(readings);
    await using fleet = await startFleet(copy, 1, signal);
    for (const [index, { interval, level }] of steps.entries()) {
      const below = steps[index - 1]?.level;
      const isChild = from === 'below' && below !== undefined;
      await declareRollup(copy, {
        source: isChild ? `public.by_${below}` : 'public.readings',
        target: `by_${level}`,
        interval,
        startFrom: dataStart,
        ...(!isChild && { dimensions: ['device', 'site', 'kind'] }),
      });
      // One after the other: levels from raw would otherwise share the workers, and those above wait.
      await fleet.untilSettled();
      const { busyMs = 0, ...details } = await explainRefreshes(copy, `public.by_${level}`);
      measured.push({ variant: `${level}: from ${from}`, durationMs: busyMs, details });
    }
    const byHand = await runByHand(copy, hourFrom[from], [['-infinity', 'infinity']], signal);
    measured.push({ variant: `hour: by hand from ${from}`, ...byHand });
  }
  return measured;
}

const fromRaw = groupByHand({
  source: 'public.readings',
  target: 'public.by_hand',
  interval: '1 hour',
  dimensions,
  indexes,
  metrics,
});
const hourFrom = {
  raw: fromRaw,
  below: { prepare: fromRaw.prepare, statement: hourByHand('public.by_hand') },
};
