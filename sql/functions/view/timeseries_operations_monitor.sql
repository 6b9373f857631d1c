-- One row per rollup: how fresh it is and, if it is not, why (promise 8).
-- lag_seconds: now minus the due time of the oldest bucket that is due and unsettled; 0 when there is none, so an hourly
-- rollup is not late for being hourly.
drop view if exists silver.timeseries_operations_monitor;
create view silver.timeseries_operations_monitor as
select
  r.rollup_id,
  r.source_table::text as source_table,
  r.target_table::text as target_table,
  r.rollup_table_interval,
  r.status,
  r.worker_id,
  r.last_processed_time,
  greatest(0, extract(epoch from now() - (oldest.due_at)))::double precision as lag_seconds,
  r.alert_threshold,
  coalesce(extract(epoch from now() - oldest.due_at) > extract(epoch from r.alert_threshold), false) as is_late,
  pending.buckets as pending_buckets,
  coalesce(flight.in_flight, 0) as in_flight,
  coalesce(flight.queued, 0) as queued,
  coalesce(flight.running, 0) as running,
  coalesce(flight.retrying, 0) as retrying,
  coalesce(flight.dead, 0) as dead,
  r.retry_count,
  r.processing_window,
  r.avg_duration_ms,
  r.avg_rows,
  outcome.success_rate,
  failure.error_message as last_error,
  failure.occurred_at as last_error_at,
  case
    when coalesce(flight.dead, 0) > 0 then 'a chunk is dead'
    when coalesce(r.paused_until > now(), false) then 'paused'
    when coalesce(flight.retrying, 0) > 0 then 'a chunk failed and will be tried again'
    when coalesce(flight.running, 0) > 0 then 'chunks are running'
    when coalesce(flight.queued, 0) > 0 then 'chunks wait for a worker'
    when pending.buckets > 0 then 'work waits for the scheduler'
    else 'fresh' end as reason
from silver.timeseries_rollup_config r
join silver.timeseries_progress p on p.rollup_id = r.rollup_id
cross join lateral silver.pending(r.rollup_id) work
cross join lateral (
  select coalesce(sum(upper(n) - lower(n)), 0)::bigint as buckets
  from unnest(silver.bucket_numbers(work.forward + work.late, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n
) as pending
left join lateral (
  select count(*) as in_flight,
    count(*) filter (where c.state = 'queued') as queued,
    count(*) filter (where c.state = 'running') as running,
    count(*) filter (where c.state = 'retrying') as retrying,
    count(*) filter (where c.state = 'dead') as dead
  from silver.timeseries_chunk c where c.rollup_id = r.rollup_id
) as flight on true
cross join lateral (
  select silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin,
      silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, lower(unsettled.ranges)) + 1)
    + r.safety_buffer as due_at
  from (select (p.wanted * tstzmultirange(tstzrange(null, silver.due_until(r.rollup_id))) - p.covered) + p.dirty + silver.in_flight(r.rollup_id)) as unsettled (ranges)
) as oldest
left join lateral (
  select done.n::double precision / nullif(done.n + failed.n, 0) as success_rate
  from (select count(*) as n from silver.timeseries_refresh_log l
        where l.rollup_id = r.rollup_id and l.finished_at > now() - interval '1 day') as done,
       (select count(*) as n from silver.timeseries_error_log e
        where e.rollup_id = r.rollup_id and e.occurred_at > now() - interval '1 day') as failed
) as outcome on true
left join lateral (
  select e.error_message, e.occurred_at from silver.timeseries_error_log e
  where e.rollup_id = r.rollup_id order by e.occurred_at desc, e.error_id desc limit 1
) as failure on true;

comment on view silver.timeseries_operations_monitor is
  'One row per rollup: state, watermark, lag in seconds, pending work, chunks in flight by state, success rate over a day, last error, and the reason it is behind.';
