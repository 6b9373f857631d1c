import { manySources, sourceCount } from '../data/many-sources.ts';
import { dataStart } from '../data/readings.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';

const rollupsPerSource = 10;
const looks = 10;

/** Rollups by the hundred: how long all of them take to fill, and what a look for due work costs when nothing is due. */
export const many: Scenario = {
  name: 'many',
  description: '500 rollups on 50 sources: filling all, and a look for due work when all are idle',
  ratios: [
    { name: 'a look at 500 / a look at 10', of: 'look, 500', to: 'look, 10', wanted: null },
    { name: 'filling 500 / filling 10', of: 'fill, 500', to: 'fill, 10', wanted: null },
  ],
  limits: [],
  run: (context) => inRounds(context, measureRound),
};

async function measureRound(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  for (const [name, sources] of [
    ['10', 1],
    ['500', Math.min(sourceCount, Math.max(2, Math.round(context.rows / 20_000)))],
  ] as const) {
    await using copy = await context.copyOf(manySources);
    const rollups = await declareMany(copy, sources);
    const startedAt = performance.now();
    {
      await using fleet = await startFleet(copy, 2, context.signal);
      await fleet.untilSettled();
    }
    const filledAt = performance.now();
    for (let look = 0; look < looks; look += 1) {
      await copy.client.query('select from silver.due_sources()');
      await copy.client.query('select silver.next_due_at()');
    }
    const lookMs = (performance.now() - filledAt) / looks;
    const details = { rollups };
    measured.push(
      { variant: `fill, ${name}`, durationMs: filledAt - startedAt, details },
      { variant: `look, ${name}`, durationMs: lookMs, details },
    );
  }
  return measured;
}

async function declareMany(copy: DatabaseCopy, sources: number): Promise<number> {
  const rollups = sources * rollupsPerSource;
  for (let number = 1; number <= rollups; number += 1) {
    await declareRollup(copy, {
      source: `public.source_${(number % sources) + 1}`,
      target: `rollup_${number}`,
      interval: '1 hour',
      startFrom: dataStart,
      dimensions: ['device'],
      others: { partition_interval: "'0'" },
    });
  }
  return rollups;
}
