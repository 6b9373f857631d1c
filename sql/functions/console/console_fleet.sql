-- silver.console_fleet(): what the console's page of all rollups shows, as one json array: the row of silver.timeseries_operations_monitor and,
-- beside it, the rollup's parent, and its work of the last half hour: rows read and chunks a minute, oldest first, and rows a second
-- over the last minute. Stable; takes no locks.
create or replace function silver.console_fleet()
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set jit = off
as $$
  with minute as (
    select l.rollup_id, 29 - floor(extract(epoch from now() - l.finished_at) / 60)::integer as minute, sum(l.rows_read) as rows_read, count(*) as chunks
    from silver.timeseries_refresh_log l
    where l.finished_at > now() - interval '30 minutes' and l.finished_at <= now()
    group by 1, 2
  ), activity as (
    select m.rollup_id, jsonb_object_agg(m.minute, m.rows_read) as rows_by_minute,
      coalesce(sum(m.rows_read) filter (where m.minute = 29), 0) / 60.0 as rows_per_second, sum(m.chunks) as chunks
    from minute m group by m.rollup_id
  )
  select coalesce(jsonb_agg(to_jsonb(o) || jsonb_build_object(
      'parent_id', parent.rollup_id,
      'pending_seconds_estimate', case when o.pending_buckets = 0 then 0
        else o.pending_buckets * r.avg_duration_ms / nullif(r.avg_buckets, 0) / 1000 end,
      'rows_by_minute', coalesce(a.rows_by_minute, '{}'),
      'rows_per_second', coalesce(a.rows_per_second, 0),
      'chunks_last_half_hour', coalesce(a.chunks, 0))
    order by o.rollup_id), '[]')
  from silver.timeseries_operations_monitor o
  join silver.timeseries_rollup_config r on r.rollup_id = o.rollup_id
  left join silver.timeseries_tracked_source s on s.source_id = r.source_id and s.kind = 'derived'
  left join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
  left join activity a on a.rollup_id = o.rollup_id
$$;
