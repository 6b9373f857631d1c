import { pause } from '@silver/shared';
import type pg from 'pg';

const pollMs = 200;

/** What is left to do but what the clock brings every two seconds, in one number; dead chunks count, for nobody would run them. */
const leftToDo = `
  select (select count(*) from silver.timeseries_chunk c where c.reason <> 'forward' or c.planned_at < clock_timestamp() - interval '20 seconds')
    + (select count(*) from silver.timeseries_chunk c where c.state = 'dead')
    + (select count(*) from silver.timeseries_invalidation_log)
    + (select count(*) from silver.timeseries_drain d where d.created_at < clock_timestamp() - interval '20 seconds')
    + (select count(*) from silver.timeseries_progress p join silver.timeseries_rollup_config r using (rollup_id)
       where not isempty(p.dirty) or not p.covered @> tstzrange(r.start_from,
         silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, now() - interval '30 seconds'))) as left,
    jsonb_build_object(
      'progress', (select jsonb_agg(to_jsonb(p)) from silver.timeseries_progress p),
      'chunks', (select jsonb_agg(to_jsonb(c)) from silver.timeseries_chunk c),
      'drains', (select jsonb_agg(to_jsonb(d)) from silver.timeseries_drain d),
      'errors', (select jsonb_agg(to_jsonb(e)) from (select * from silver.timeseries_error_log order by error_id desc limit 5) e)) as state`;

/** Waits until nothing is left to do. Returns what is, when that takes longer than `withinMs`. */
export async function untilQuiet(
  client: pg.Client,
  withinMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<{ left: string; state: unknown }>(leftToDo);
    if (rows[0]?.left === '0') {
      return undefined;
    }
    if (performance.now() > deadline) {
      return JSON.stringify(rows[0], undefined, 1);
    }
    await pause(pollMs, signal);
  }
}
