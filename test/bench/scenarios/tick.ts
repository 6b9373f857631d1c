import { pause } from '@silver/shared';
import { filledRollups } from '../data/filled-rollups.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { countStatements, forgetStatements, sentStatements } from '../fleet/statements.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { type BenchContext, isTrial, type Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';

const lookText = 'silver.look(';
/** What a source's turn sends: its two transactions. */
const turnText =
  /silver\.(advance_horizon|lock_source|note_writers|settle_drains|consume_log|pending_work|enqueue_chunks)\(|job_common/;
/** What is asked by those who watch, of all rollups: the time of each is a detail of the first look. */
const watched = {
  monitor: 'select * from silver.timeseries_operations_monitor',
  gauges: 'select * from silver.gauges()',
  console: `select * from silver.console_look('{}')`,
  validate: 'select * from silver.validate_rollup_config()',
};

/**
 * What a scheduler's tick costs in the server, as a running one sends it: a look for due work while nothing is due, and the turn of one source
 * that has one late row. With few and many idle rollups beside it, and with a short and a long history covered. Beside it, as nobody can answer
 * them for nothing: a scheduler's first look, which is at all sources, and what people ask of all rollups.
 */
export const tick: Scenario = {
  name: 'tick',
  description: 'a look for due work, and the turn of one source, by idle rollups and by history',
  ratios: [
    ratio('a look, 2,000 rollups / 10', 'look, 2000 rollups', 'look, 10 rollups'),
    ratio('a turn, 2,000 rollups / 10', 'turn, 2000 rollups', 'turn, 10 rollups'),
    ratio('a look, 10 years / 1 day', 'look, 10 years', 'look, 10 rollups'),
    ratio('a turn, 10 years / 1 day', 'turn, 10 years', 'turn, 10 rollups'),
  ],
  limits: [],
  run: (context) => inRounds(context, measureRound),
};

function ratio(name: string, of: string, to: string) {
  return { name, of, to, wanted: 2 };
}

async function measureRound(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const trial = isTrial(context);
  return [
    ...(await measureTicks(context, '10 rollups', 10, 1)),
    ...(await measureTicks(context, '2000 rollups', trial ? 30 : 2_000, 1)),
    ...(await measureTicks(context, '10 years', 10, trial ? 30 : 3_652)),
  ];
}

async function measureTicks(
  context: BenchContext,
  name: string,
  rollups: number,
  days: number,
): Promise<readonly MeasuredVariant[]> {
  const trial = isTrial(context);
  const details = { rollups, days };
  await using copy = await context.copyOf(
    filledRollups(`filled_${rollups}_${days}`, rollups, days),
  );
  const firstLook = {
    variant: `first look, ${name}`,
    durationMs: await timeOf(copy, `select * from silver.look('{}', 0)`),
    details: { ...details, ...(await timesOf(copy, watched)) },
  };
  await countStatements(copy);
  await using fleet = await startFleet(copy, 1, context.signal);
  await fleet.untilSettled();
  await pause(trial ? 500 : 1_000);
  await forgetStatements(copy);
  await pause(trial ? 3_000 : 5_000);
  const looks = (await sentStatements(copy)).filter(({ text }) => text.includes(lookText));
  await forgetStatements(copy);
  const turns = trial ? 2 : 3;
  for (let turn = 0; turn < turns; turn += 1) {
    await copy.client.query(
      `insert into public.readings values (date_trunc('hour', now()) - interval '90 minutes', 1)`,
    );
    await copy.client.query(`select pg_notify('silver_wake', 'chunk')`); // As a chunk's end would, or the poll, two seconds later.
    await fleet.untilSettled();
  }
  const sent = (await sentStatements(copy)).filter(
    ({ text }) => turnText.test(text) && !text.includes('run_chunk'),
  );
  return [
    firstLook,
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

async function timesOf(
  copy: DatabaseCopy,
  statements: Readonly<Record<string, string>>,
): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const [name, text] of Object.entries(statements)) {
    times[`${name}Ms`] = await timeOf(copy, text);
  }
  return times;
}

/** The second time, when its functions are planned, as in a connection that has been open for a while. */
async function timeOf({ client }: DatabaseCopy, text: string): Promise<number> {
  await client.query(text);
  const startedAt = performance.now();
  await client.query(text);
  return performance.now() - startedAt;
}
