import { pause } from '@silver/shared';
import { flights as dataset } from '../data/flights.ts';
import { explainRefreshes } from '../fleet/explain-refreshes.ts';
import { cpuMsBetween, usedBy } from '../fleet/process-load.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { type BenchContext, type Measured, measureInTurns, type Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { runByHand } from '../server/run-by-hand.ts';

const natural = 'avg(%), sum(%), count(%)';
/** How Silver computes the same of a column that is never null. */
const shared = 'sum(%)::numeric / nullif(count(*), 0), sum(%), count(*)';

/**
 * The first fill of the hourly rollup of all flights by origin: one INSERT … SELECT … GROUP BY by hand, against Silver with
 * everything on (triggers, ledger, queue, scheduler and workers as processes). The hand-written target is a plain
 * table with the same columns and primary key; `tuned` shares aggregates the way Silver's own statement does.
 */
export const flights: Scenario = {
  name: 'flights',
  description: 'first fill of the hourly rollup of real flights by origin',
  ratios: [
    { name: 'one worker / hand-written', of: 'one worker', to: 'hand-written', wanted: 1 },
    { name: 'one worker / tuned', of: 'one worker', to: 'hand-written, tuned', wanted: null },
    { name: 'two workers / one worker', of: 'two workers', to: 'one worker', wanted: 0.8 },
  ],
  limits: [],
  run: (context) =>
    measureInTurns(context, [
      { name: 'hand-written', measure: (own) => byHand(own, natural) },
      { name: 'hand-written, tuned', measure: (own) => byHand(own, shared) },
      { name: 'one worker', measure: (own) => bySilver(own, 1) },
      { name: 'two workers', measure: (own) => bySilver(own, 2) },
    ]),
};

async function byHand({ copyOf, signal }: BenchContext, averages: string): Promise<Measured> {
  const metrics = ['delay', 'distance'];
  const columns = metrics.map(
    (name) => `min_${name} integer not null, max_${name} integer not null,
      avg_${name} numeric not null, sum_${name} bigint not null, count_${name} bigint not null`,
  );
  const aggregates = metrics.map(
    (name) => `min(${name}), max(${name}), ${averages.replaceAll('%', name)}`,
  );
  await using copy = await copyOf(dataset);
  const measured = await runByHand(
    copy,
    {
      prepare: `create table public.by_hand ("timestamp" timestamptz not null, origin text not null, row_count bigint not null,
        ${columns.join(', ')}, primary key ("timestamp", origin))`,
      statement: `insert into public.by_hand
        select date_bin('1 hour', date, '2000-01-03 00:00Z'), origin, count(*), ${aggregates.join(', ')}
        from public.flights group by 1, 2`,
    },
    [[]],
    signal,
  );
  return measured;
}

async function bySilver({ copyOf, signal }: BenchContext, workers: number): Promise<Measured> {
  await using copy = await copyOf(dataset);
  await using fleet = await startFleet(copy, workers, signal);
  const declaredAt = performance.now();
  await declareRollup(copy, {
    source: 'public.flights',
    target: 'by_silver',
    interval: '1 hour',
    startFrom: '2001-01-01 00:00Z',
    dimensions: ['origin'],
    others: { exclude: "'{destination}'" },
  });
  const before = await usedBy(copy, fleet.members);
  const startedAt = performance.now();
  await untilFilled(copy, signal);
  const durationMs = performance.now() - startedAt;
  const cpuMs = cpuMsBetween(before, await usedBy(copy, fleet.members));
  const refreshes = await explainRefreshes(copy, 'public.by_silver');
  return { durationMs, details: { declareMs: startedAt - declaredAt, cpuMs, ...refreshes } };
}

/** Every chunk with flights is committed. Seen at most one look later: the interval counts against Silver. */
async function untilFilled({ client }: DatabaseCopy, signal: AbortSignal): Promise<void> {
  const last = await client.query<{ at: string }>(
    'select max(date)::text as at from public.flights',
  );
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<{ filled: boolean }>(
      `select covered @> tstzrange('2001-01-01 00:00Z', $1::timestamptz, '[]') as filled from silver.timeseries_progress`,
      [last.rows[0]?.at],
    );
    if (rows[0]?.filled === true) {
      return;
    }
    await pause(20, signal);
  }
}
