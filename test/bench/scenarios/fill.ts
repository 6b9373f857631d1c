import { type Connection, startMember } from '@silver/demo';
import { pause } from '@silver/shared';
import type { DatabaseCopy } from '../database-copies.ts';
import type { BenchContext, Measurement, Scenario } from '../scenario.ts';

type Client = Connection['client'];

/** What Silver sets for a chunk's transaction, and so for the hand-written statements. */
const settings = { jit: 'off', synchronous_commit: 'off', timezone: 'UTC', work_mem: '64MB' };

const natural = 'avg(%), sum(%), count(%)';
/** How Silver computes the same of a column that is never null. */
const shared = 'sum(%)::numeric / nullif(count(*), 0), sum(%), count(*)';

/** A variant measures one run on a fresh copy. */
interface Variant {
  readonly name: string;
  measure(copy: DatabaseCopy, signal: AbortSignal): Promise<Omit<Measurement, 'round' | 'variant'>>;
}

const variants: readonly Variant[] = [
  { name: 'hand-written', measure: (copy) => byHand(copy.client, natural) },
  { name: 'hand-written, tuned', measure: (copy) => byHand(copy.client, shared) },
  { name: 'one worker', measure: (copy, signal) => bySilver(copy, 1, signal) },
  { name: 'two workers', measure: (copy, signal) => bySilver(copy, 2, signal) },
];

/**
 * The first fill of the hourly rollup of all flights by origin: one INSERT … SELECT … GROUP BY by hand, against Silver with
 * everything on (triggers, ledger, queue, scheduler and workers as processes). The hand-written target is a plain
 * table with the same columns and primary key; `tuned` shares aggregates the way Silver's own statement does.
 */
export const fill: Scenario = {
  name: 'fill',
  description: 'first fill of the hourly rollup by origin',
  settings: { ...settings, 'chunks at once per worker': '1' },
  ratios: [
    { name: 'one worker / hand-written', of: 'one worker', to: 'hand-written', wanted: 1 },
    { name: 'one worker / tuned', of: 'one worker', to: 'hand-written, tuned', wanted: null },
    { name: 'two workers / one worker', of: 'two workers', to: 'one worker', wanted: 0.8 },
  ],
  run: async ({ copies, rounds, say, signal }: BenchContext) => {
    const measurements: Measurement[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      // Another one begins each round, so that none always follows the same.
      for (const [index] of variants.entries()) {
        const variant = variants[(index + round - 1) % variants.length] as Variant;
        await using copy = await copies.take();
        const measured = await variant.measure(copy, signal);
        measurements.push({ variant: variant.name, round, ...measured });
        say(`round ${round}: ${variant.name} ${(measured.durationMs / 1000).toFixed(2)} s`);
      }
    }
    return measurements;
  },
};

async function byHand(client: Client, averages: string) {
  for (const [name, value] of Object.entries(settings)) {
    await client.query('select set_config($1, $2, false)', [name, value]);
  }
  await client.query(`create table public.by_hand (
    "timestamp" timestamptz not null, origin text not null, row_count bigint not null,
    ${['delay', 'distance']
      .map(
        (column) => `min_${column} integer not null, max_${column} integer not null,
          avg_${column} numeric not null, sum_${column} bigint not null, count_${column} bigint not null`,
      )
      .join(', ')},
    primary key ("timestamp", origin))`);
  const metrics = ['delay', 'distance'].map(
    (column) => `min(${column}), max(${column}), ${averages.replaceAll('%', column)}`,
  );
  const statement = `insert into public.by_hand
    select date_bin('1 hour', date, '2000-01-03 00:00Z'), origin, count(*), ${metrics.join(', ')}
    from public.flights group by 1, 2`;
  const plan = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${statement}`);
  const startedAt = performance.now();
  await client.query(statement);
  const durationMs = performance.now() - startedAt;
  const aggregate = plan.rows
    .map((row) => row['QUERY PLAN'])
    .find((line) => /Aggregate/.test(line));
  return { durationMs, details: { plan: (aggregate ?? '?').replace('->', '').trim() } };
}

async function bySilver(
  { client, databaseUrl }: DatabaseCopy,
  workers: number,
  signal: AbortSignal,
) {
  const failed = new AbortController();
  await using fleet = new AsyncDisposableStack();
  const names = Array.from({ length: workers }, (_, index) => `worker ${index + 1}`);
  const members = ['scheduler', ...names].map((name) =>
    fleet.use(
      startMember({
        databaseUrl,
        name,
        role: name === 'scheduler' ? 'scheduler' : 'worker',
        onNote: () => undefined,
        onGiveUp: (error) => failed.abort(error),
      }),
    ),
  );
  await Promise.all(members.map(({ ready }) => ready));
  await untilIdle(client);
  const declaredFrom = performance.now();
  await client.query(`select silver.create_rollup_table(
    source_table_name => 'public.flights', target_schema => 'public', target_table_name => 'by_silver',
    rollup_table_interval => '1 hour', dimensions => '{origin}', exclude => '{destination}', start_from => '2001-01-01 00:00Z')`);
  const startedAt = performance.now();
  await untilFilled(client, AbortSignal.any([signal, failed.signal]));
  const durationMs = performance.now() - startedAt;
  return {
    durationMs,
    details: { declareMs: startedAt - declaredFrom, ...(await explain(client)) },
  };
}

/** No backend of this database does anything: the fleet waits for work. */
async function untilIdle(client: Client): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    const { rows } = await client.query<{ busy: number }>(
      `select count(*)::integer as busy from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    quiet = rows[0]?.busy === 0 ? quiet + 1 : 0;
    await pause(50);
  }
}

/** Every chunk of the flights' days is committed. Seen at most one look later: the interval counts against Silver. */
async function untilFilled(client: Client, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<{ filled: boolean }>(
      `select covered @> tstzrange('2001-01-01 00:00Z', '2001-07-02 00:00Z') as filled from silver.timeseries_progress`,
    );
    if (rows[0]?.filled === true) {
      return;
    }
    await pause(20, signal);
  }
}

/** Where the time went, from the refresh log. */
async function explain(client: Client): Promise<Readonly<Record<string, number>>> {
  const { rows } = await client.query<Record<string, number>>(
    `select count(*)::float8 as chunks, sum(rows_read)::float8 as "rowsRead", sum(duration_ms)::float8 as "busyMs",
       max(duration_ms)::float8 as "longestChunkMs",
       (extract(epoch from min(started_at) - min(r.created_at)) * 1000)::float8 as "firstChunkAfterMs",
       (extract(epoch from max(finished_at) - min(l.started_at)) * 1000)::float8 as "chunksSpanMs"
     from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
     where rows_read > 0`,
  );
  return rows[0] ?? {};
}
