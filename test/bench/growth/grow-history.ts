import { emptyTable } from '../data/empty-table.ts';
import { explainRefreshes, now } from '../fleet/explain-refreshes.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import type { MeasuredVariant } from '../in-rounds.ts';
import { isTrial } from '../scenario.ts';
import { shortestRead } from '../scenarios/live.ts';
import { type GrowthPart, pointOf } from './growth-part.ts';

const curves = {
  chunk: 'by history: the chunk of a late row',
  point: 'by history: an hour of the live view',
} as const;

/** Longer and longer histories, a row each quarter of an hour: the chunk of one late row at a random place, and an hour read from the live view. */
export const growHistory: GrowthPart = {
  plot: {
    name: 'history',
    title: 'a late row, and a read, by history',
    x: 'days of history',
    isLog: true,
    curves: [
      { label: 'the chunk of a late row', variant: curves.chunk },
      { label: 'an hour of the live view', variant: curves.point },
    ],
  },
  measure: async (context) => {
    await using copy = await context.copyOf(emptyTable);
    await using fleet = await startFleet(copy, 1, context.signal);
    const lateRows = isTrial(context) ? 1 : 5;
    const measured: MeasuredVariant[] = [];
    for (const days of isTrial(context) ? [1, 10] : [1, 10, 100, 1_000, 3_650]) {
      const source = `public.history_${days}`;
      await copy.client.query(
        `create table ${source} as select at, 1 as value
         from generate_series(date_trunc('hour', now()) - ${days} * interval '1 day', now() - interval '3 hours', '15 minutes') as at`,
      );
      await copy.client.query(
        `alter table ${source} alter at set not null; create index on ${source} (at); analyze ${source}`,
      );
      await declareRollup(copy, {
        source,
        target: `hourly_${days}`,
        interval: '1 hour',
        startFrom: new Date(Date.now() - days * 86_400_000).toISOString(),
        dimensions: [],
      });
      await fleet.untilSettled();
      await copy.client.query(`vacuum (analyze) public.hourly_${days}`);
      const since = await now(copy);
      for (let row = 1; row <= lateRows; row += 1) {
        await copy.client.query(
          `insert into ${source} select min(at) + (max(at) - min(at)) * ${row} / ${lateRows + 1}, 1 from ${source}`,
        );
        await fleet.untilSettled();
      }
      const { busyMs = 0, chunks = 1 } = await explainRefreshes(
        copy,
        `public.hourly_${days}`,
        since,
      );
      measured.push(pointOf(curves.chunk, days, busyMs / Math.max(1, chunks), { chunks }));
      const read = await shortestRead(
        copy,
        `select * from public.hourly_${days}_live where "timestamp" = date_trunc('hour', now()) - ${days} * interval '12 hours'`,
      );
      measured.push(pointOf(curves.point, days, read));
    }
    return measured;
  },
};
