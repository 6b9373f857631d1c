-- silver.delivery_of(chunk_id): what the job of a chunk carries and is bounded by: the rollup's settings, and the attempts spent.
-- Stable; takes no locks.
create or replace function silver.delivery_of(chunk_id bigint)
returns setof silver.delivery
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select c.chunk_id, c.job_id, r.rollup_id, r.target_table::text, c.reason,
    r.priority + coalesce((select b.priority from silver.timeseries_backfill b where b.backfill_id = c.backfill_id), 0), r.max_retries,
    greatest(1, extract(epoch from r.retry_delay)::integer), greatest(1, extract(epoch from r.retry_delay_max)::integer),
    extract(epoch from r.chunk_timeout)::double precision * 1000, c.attempt, c.trace, null::uuid
  from silver.timeseries_chunk c join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id
  where c.chunk_id = delivery_of.chunk_id
$$;
