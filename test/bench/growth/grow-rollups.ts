import { manySources } from '../data/many-sources.ts';
import { dataStart } from '../data/readings.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import type { MeasuredVariant } from '../in-rounds.ts';
import { isTrial } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { type GrowthPart, pointOf } from './growth-part.ts';

const curves = { rest: 'look at rest by rollups', all: 'look at all by rollups' } as const;
const looks = 20;
const sources = 10;

/** More and more rollups on ten sources: what a scheduler's look for due work costs while nothing is due. */
export const growRollups: GrowthPart = {
  plot: {
    name: 'rollups',
    title: 'a look for due work, by idle rollups',
    x: 'rollups',
    isLog: true,
    curves: [
      { label: 'all known to be at rest', variant: curves.rest },
      { label: 'asked of each source', variant: curves.all },
    ],
  },
  measure: async (context) => {
    await using copy = await context.copyOf(manySources);
    await using fleet = await startFleet(copy, 2, context.signal);
    const measured: MeasuredVariant[] = [];
    let declared = 0;
    for (const rollups of isTrial(context) ? [10, 20] : [10, 30, 100, 300, 600]) {
      for (; declared < rollups; declared += 1) {
        await declareRollup(copy, {
          source: `public.source_${(declared % sources) + 1}`,
          target: `rollup_${declared}`,
          interval: '1 hour',
          startFrom: dataStart,
          dimensions: ['device'],
          others: { partition_interval: "'0'" },
        });
      }
      await fleet.untilSettled();
      await copy.client.query('analyze');
      for (const [curve, asked] of [
        [curves.rest, '{}'],
        [curves.all, await everySource(copy)],
      ] as const) {
        const startedAt = performance.now();
        for (let look = 0; look < looks; look += 1) {
          // As the scheduler sends it; none is beyond.
          await copy.client.query('select * from silver.look($1::integer[], 2147483647)', [asked]);
        }
        measured.push(pointOf(curve, rollups, (performance.now() - startedAt) / looks));
      }
    }
    return measured;
  },
};

/** As an array of SQL. */
async function everySource({ client }: Pick<DatabaseCopy, 'client'>): Promise<string> {
  const { rows } = await client.query<{ sources: string }>(
    'select array_agg(source_id)::text as sources from silver.timeseries_tracked_source',
  );
  return rows[0]?.sources ?? '{}';
}
