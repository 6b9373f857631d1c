import { pause } from '@silver/shared';
import { emptyTable } from '../data/empty-table.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { countStatements, forgetStatements, sentStatements } from '../fleet/statements.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { type BenchContext, isTrial, type Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';

const perSource = 10;
const lookText = 'silver.look(';
/** What a source's turn sends: its two transactions. */
const turnText =
  /silver\.(advance_horizon|lock_source|note_writers|settle_drains|consume_log|pending_work|enqueue_chunks)\(|job_common/;

/**
 * What a scheduler's tick costs in the server, as a running one sends it: a look for due work while nothing is due, and the turn of one source
 * that has one late row. With few and many idle rollups beside it, and with a short and a long history covered.
 */
export const tick: Scenario = {
  name: 'tick',
  description: 'a look for due work, and the turn of one source, by idle rollups and by history',
  ratios: [
    ratio('a look, 2,000 idle rollups / 10', 'look, 2000 rollups', 'look, 10 rollups'),
    ratio('a turn, 2,000 idle rollups / 10', 'turn, 2000 rollups', 'turn, 10 rollups'),
    ratio('a look, 10 years / 1 day', 'look, 10 years', 'look, 1 day'),
    ratio('a turn, 10 years / 1 day', 'turn, 10 years', 'turn, 1 day'),
  ],
  limits: [],
  run: (context) => inRounds(context, measureRound),
};

function ratio(name: string, of: string, to: string) {
  return { name, of, to, wanted: 2 };
}

async function measureRound(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const manyRollups = isTrial(context) ? 30 : Math.min(2_000, Math.round(context.rows / 5_000));
  return [
    ...(await measureTicks(context, '10 rollups', 1, 10)),
    ...(await measureTicks(context, '2000 rollups', 1, manyRollups)),
    ...(await measureTicks(context, '1 day', 1, 1)),
    ...(await measureTicks(context, '10 years', isTrial(context) ? 30 : 3_652, 1)),
  ];
}

/** A rollup by the hour of so many days with a row an hour, and others, of sources without a row, so that all are. */
async function measureTicks(
  context: BenchContext,
  name: string,
  days: number,
  rollups: number,
): Promise<readonly MeasuredVariant[]> {
  await using copy = await context.copyOf(emptyTable);
  await copy.client.query(
    `insert into public.readings select at, 1 from generate_series(date_trunc('day', now()) - $1::integer * interval '1 day', now(), '1 hour') as at`,
    [days],
  );
  await declareOthers(copy, rollups - 1);
  await declareRollup(copy, {
    source: 'public.readings',
    target: 'hourly',
    interval: '1 hour',
    startFrom: new Date(Date.now() - days * 86_400_000).toISOString(),
    dimensions: [],
    others: { partition_interval: "'0'" },
  });
  await countStatements(copy);
  await using fleet = await startFleet(copy, 1, context.signal);
  await fleet.untilSettled();
  await copy.client.query('analyze');
  await pause(isTrial(context) ? 500 : 5_000);
  await forgetStatements(copy);
  await pause(isTrial(context) ? 5_000 : 20_000);
  const looks = (await sentStatements(copy)).filter(({ text }) => text.includes(lookText));
  await forgetStatements(copy);
  const turns = isTrial(context) ? 2 : 10;
  for (let turn = 0; turn < turns; turn += 1) {
    await copy.client.query(
      `insert into public.readings values (date_trunc('hour', now()) - interval '90 minutes', 1)`,
    );
    await fleet.untilSettled();
  }
  const sent = (await sentStatements(copy)).filter(
    ({ text }) => turnText.test(text) && !text.includes('run_chunk'),
  );
  const details = { rollups, days };
  return [
    {
      variant: `look, ${name}`,
      durationMs: looks[0]?.meanMs ?? Number.NaN,
      details: { ...details, looks: looks[0]?.calls ?? 0 },
    },
    {
      variant: `turn, ${name}`,
      durationMs: sent.reduce((sum, { calls, meanMs }) => sum + calls * meanMs, 0) / turns,
      details,
    },
  ];
}

async function declareOthers(copy: DatabaseCopy, rollups: number): Promise<void> {
  for (let number = 0; number < rollups; number += 1) {
    const table = `public.idle_${Math.floor(number / perSource)}`;
    if (number % perSource === 0) {
      await copy.client.query(
        `create table ${table} (at timestamptz not null, value integer not null)`,
      );
    }
    await declareRollup(copy, {
      source: table,
      target: `idle_rollup_${number}`,
      interval: '1 day',
      startFrom: new Date(Date.now() - 7 * 86_400_000).toISOString(),
      dimensions: [],
      others: { partition_interval: "'0'" },
    });
  }
}
