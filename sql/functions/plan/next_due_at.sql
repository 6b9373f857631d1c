-- silver.next_due_at(): the earliest instant to come at which something falls due by itself: a bucket's end plus its
-- safety buffer, the end of a drain's grace, of the rest between two late runs, two chunks of a backfill, or before a probe, or of a pause; null when there is none. Stable; takes no locks.
create or replace function silver.next_due_at()
returns timestamptz
language sql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
  select min(due.at)
  from (
    select silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin,
        silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, now() - r.safety_buffer) + 1)
      + r.safety_buffer as at
    from silver.timeseries_rollup_config r
    join silver.timeseries_tracked_source s on s.source_id = r.source_id
    where s.kind <> 'derived' and coalesce(r.paused_until <= now(), true)
    union all
    select d.created_at + s.drain_grace
    from silver.timeseries_drain d join silver.timeseries_tracked_source s on s.source_id = d.source_id
    where not d.provisional
    union all
    select silver.late_rests_until(p.rollup_id) from silver.timeseries_progress p where not isempty(p.dirty)
    union all
    select r.probe_at from silver.timeseries_rollup_config r
    union all
    select b.next_chunk_at from silver.timeseries_backfill b where b.state = 'open'
    union all
    select r.paused_until from silver.timeseries_rollup_config r where isfinite(r.paused_until)
  ) as due
  where due.at > now()
$$;
