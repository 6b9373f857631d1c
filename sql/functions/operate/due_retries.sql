-- silver.due_retries(source_id, rollups): the chunks in flight of these rollups of the source that a call may take up, in the order of their
-- planning: those no job delivers, once their backoff is over; and those of workers that died longer than stale_after ago.
-- Paused rollups wait. Whether one is still running shows only when it is locked: silver.retake_chunk. Volatile, for time passes;
-- takes no locks.
create or replace function silver.due_retries(source_id integer, rollups integer[])
returns setof bigint
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  select c.chunk_id
  from silver.timeseries_chunk c join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id
  where r.source_id = due_retries.source_id and c.rollup_id = any (rollups)
    and c.state <> 'dead' and coalesce(r.paused_until <= clock_timestamp(), true)
    and (
      (c.delivered_by = 'call' and c.state in ('queued', 'retrying') and coalesce(c.retry_at not between clock_timestamp() and clock_timestamp() + r.retry_delay_max, true))
      or greatest(c.planned_at, c.started_at, c.retry_at) < clock_timestamp() - r.stale_after)
  order by c.chunk_id
$$;
