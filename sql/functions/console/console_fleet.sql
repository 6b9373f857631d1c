-- silver.console_fleet(): what the console's page of all rollups shows, as one json array: of the row of silver.timeseries_operations_monitor what is shown,
-- for its other columns cost as much again, and, beside it, the rollup's parent, and its work of the last half hour: rows read and chunks a minute, oldest first, and rows a second
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
  select coalesce(jsonb_agg(to_jsonb(shown) order by shown.rollup_id), '[]')
  from (
    select o.rollup_id, parent.rollup_id as parent_id, o.source_table, o.target_table, o.rollup_table_interval, o.mode, o.status, o.paused_until,
      o.last_processed_time, o.lag_seconds, o.alert_threshold, o.is_late, o.pending_buckets,
      case when o.pending_buckets = 0 then 0
        else o.pending_buckets * r.avg_duration_ms / nullif(r.avg_buckets, 0) / 1000 end as pending_seconds_estimate,
      o.in_flight, o.queued, o.running, o.retrying, o.dead, o.processing_window, o.success_rate, o.last_error, o.last_error_at, o.seal_held_by, o.reason,
      coalesce(a.rows_by_minute, '{}') as rows_by_minute, coalesce(a.rows_per_second, 0) as rows_per_second,
      coalesce(a.chunks, 0) as chunks_last_half_hour
    from silver.timeseries_operations_monitor o
    join silver.timeseries_rollup_config r on r.rollup_id = o.rollup_id
    left join silver.timeseries_tracked_source s on s.source_id = r.source_id and s.kind = 'derived'
    left join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
    left join activity a on a.rollup_id = o.rollup_id
  ) as shown
$$;
