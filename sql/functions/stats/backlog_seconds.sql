-- silver.backlog_seconds(): how long one slot of a worker would take, by recent chunks, to compute all that is due now: what is pending, queued, running and
-- to be retried; not what is dead or paused. A rollup that has no chunks behind it is reckoned with its target_chunk_duration a chunk. Divide by the time in
-- which a backlog should be gone, and you have the number of slots to run: autoscalers ask for it.
-- Returns seconds; 0 when nothing is due. Stable; takes no locks. As cheap as a look at silver.timeseries_operations_monitor.
create or replace function silver.backlog_seconds()
returns double precision
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(sum(case
    when m.status = 'paused' then 0
    when r.avg_duration_ms is not null then (m.pending_buckets + coalesce(flight.buckets, 0)) * r.avg_duration_ms / 1000 / greatest(r.avg_buckets, 1)
    else (m.pending_chunks_estimate + m.in_flight - m.dead) * extract(epoch from r.target_chunk_duration)
  end), 0)::double precision
  from silver.timeseries_operations_monitor m
  join silver.timeseries_rollup_config r on r.rollup_id = m.rollup_id
  left join (
    select c.rollup_id, sum(c.buckets) as buckets from silver.timeseries_chunk c where c.state <> 'dead' group by c.rollup_id
  ) as flight on flight.rollup_id = m.rollup_id
$$;
