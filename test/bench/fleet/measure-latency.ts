import { pause } from '@silver/shared';
import type { MeasuredVariant } from '../in-rounds.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { declareRollup } from './rollup.ts';

export interface LatencyOptions {
  readonly variant: string;
  /** So many rollups, ten to a source, whose buckets all end together. */
  readonly rollups: number;
  readonly bucketSeconds: number;
  /** Buckets that are counted. */
  readonly buckets: number;
}

/** Rows arriving all the while: how long after the end of each bucket, with no safety buffer, its rows are in the table. */
export async function measureLatency(
  copy: DatabaseCopy,
  { bucketSeconds, buckets, rollups, variant }: LatencyOptions,
  signal: AbortSignal,
): Promise<MeasuredVariant> {
  const { client } = copy;
  const sources = Math.ceil(rollups / 10);
  const inserts: string[] = [];
  for (let source = 0; source < sources; source += 1) {
    const table = `public.ticks_${rollups}_${source}`;
    await client.query(`create table ${table} (at timestamptz not null, value integer not null)`);
    await client.query(`create index on ${table} (at)`);
    inserts.push(`insert into ${table} values (clock_timestamp(), 1)`);
  }
  for (let rollup = 0; rollup < rollups; rollup += 1) {
    await declareRollup(copy, {
      source: `public.ticks_${rollups}_${rollup % sources}`,
      target: `fresh_${rollup}`,
      interval: `${bucketSeconds} seconds`,
      startFrom: 'now',
      dimensions: [],
      others: { safety_buffer: "'0'", partition_interval: "'0'" },
    });
  }
  const startedAt = performance.now();
  // The first bucket of each is not counted: what it takes to plan for the first time is not what it takes.
  const untilMs = (buckets + 2) * bucketSeconds * 1000;
  while (performance.now() - startedAt < untilMs) {
    await client.query(inserts.join('; '));
    await pause(20 * Math.max(1, sources / 4), signal);
  }
  const durationMs = performance.now() - startedAt;
  const { rows } = await client.query<Record<string, number>>(
    `select count(*)::float8 as buckets, percentile_cont(0.5) within group (order by ms) as "p50Ms",
       percentile_cont(0.95) within group (order by ms) as "p95Ms", percentile_cont(0.99) within group (order by ms) as "p99Ms"
     from (
       select extract(epoch from l.finished_at - upper(l.ranges)) * 1000 as ms, row_number() over (partition by l.rollup_id order by l.finished_at) as nth
       from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
       where l.reason = 'forward' and l.rows_read > 0 and r.target_table::text like '%fresh\\_%'
     ) as one where nth > 1`,
  );
  for (let rollup = 0; rollup < rollups; rollup += 1) {
    await client.query(`select silver.drop_rollup('public.fresh_${rollup}', true)`);
  }
  return { variant, durationMs, details: rows[0] ?? {} };
}
