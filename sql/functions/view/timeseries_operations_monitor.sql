-- One row per rollup: how fresh it is and, if it is not, why (promise 8).
--
-- lag_seconds is now minus the due time of the oldest work that is due and unsettled; 0 when there is none, so an hourly rollup
-- is not late for being hourly. A bucket falls due safety_buffer after its end, a child's not before its parent's; a late change when it was logged, so that
-- one row two years old does not make a rollup two years late. What is unsettled of a parent, up to the root, counts for
-- its children in the buckets it touches: their live views compute those. A backfill makes nothing late: backfill_buckets says what it has left.
--
-- Cheap: see how test/integration/console/thousand.test.ts measures it.
drop view if exists silver.timeseries_operations_monitor;
create view silver.timeseries_operations_monitor as
with recursive flight as (
  select c.rollup_id, count(*) as in_flight,
    count(*) filter (where c.state = 'queued') as queued,
    count(*) filter (where c.state = 'running') as running,
    count(*) filter (where c.state = 'retrying') as retrying,
    count(*) filter (where c.state = 'dead') as dead,
    min(c.retry_at) as next_retry_at,
    min(c.planned_at) filter (where c.state = 'queued') as queued_since,
    (array_agg(c.chunk_id order by c.chunk_id) filter (where c.state = 'dead'))[1] as dead_chunk,
    (array_agg(c.last_error order by c.chunk_id) filter (where c.state = 'dead'))[1] as dead_error,
    (array_agg(c.last_error order by c.retry_at) filter (where c.state = 'retrying'))[1] as retry_error,
    max(c.attempt) filter (where c.state = 'retrying') as retry_attempt,
    range_agg(c.ranges) filter (where c.due_at is not null) as late_ranges,
    min(c.due_at) as late_since
  from silver.timeseries_chunk c
  group by c.rollup_id
),
logged as (
  select l.source_id, range_agg(l.touched) as ranges, min(l.logged_at) as since
  from silver.timeseries_invalidation_log l
  group by l.source_id
),
drained as (
  select d.source_id, range_agg(d.range) as ranges, min(d.created_at) as since, bool_or(d.provisional) as provisional
  from silver.timeseries_drain d
  group by d.source_id
),
rollup as (
  select r.*, s.kind, s.tracking, parent.rollup_id as parent_id, parent.target_table as parent_table, p.wanted, p.covered, p.dirty,
    p.frozen_until, p.frozen_hits, p.frozen_hit_at,
    silver.due_until(r.rollup_id) as due_until,
    p.dirty + coalesce(f.late_ranges, '{}') as own_late, least(p.dirty_since, f.late_since) as own_late_since,
    coalesce(l.ranges, '{}') + coalesce(d.ranges, '{}') as source_doubt, least(l.since, d.since) as source_doubt_since,
    coalesce(d.provisional, false) as provisional, l.since is not null as is_logged
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  join silver.timeseries_progress p on p.rollup_id = r.rollup_id
  left join silver.timeseries_rollup_config parent on s.kind = 'derived' and parent.target_table = s.source_table
  left join flight f on f.rollup_id = r.rollup_id
  left join logged l on l.source_id = r.source_id
  left join drained d on d.source_id = r.source_id
),
-- What is in doubt of each rollup, with what is in doubt of its parents, in its own buckets; and since when.
doubt (rollup_id, ranges, since) as (
  select r.rollup_id, x.ranges, x.since
  from rollup r
  cross join lateral (
    select r.own_late + case when isempty(r.source_doubt) then '{}' else silver.widen_to_buckets(
        r.source_doubt * r.wanted, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin) end as ranges,
      least(r.own_late_since, r.source_doubt_since) as since
  ) as x
  where r.parent_id is null
  union all
  select r.rollup_id, x.ranges, x.since
  from doubt above
  join rollup r on r.parent_id = above.rollup_id
  cross join lateral (select r.source_doubt + above.ranges as ranges) as source
  cross join lateral (
    select r.own_late + case when isempty(source.ranges) then '{}' else silver.widen_to_buckets(
        source.ranges * r.wanted, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin) end as ranges,
      least(r.own_late_since, r.source_doubt_since, above.since) as since
  ) as x
)
select
  r.rollup_id,
  r.source_table::text as source_table,
  r.target_table::text as target_table,
  r.rollup_table_interval,
  r.mode,
  case when r.status = 'paused' and coalesce(r.paused_until <= now(), true) then 'idle' else r.status end as status,
  r.worker_id,
  r.paused_until,
  r.last_processed_time,
  lag.seconds as lag_seconds,
  r.alert_threshold,
  lag.seconds > extract(epoch from r.alert_threshold) as is_late,
  pending.buckets as pending_buckets,
  ceil(pending.buckets / greatest(1, coalesce(extract(epoch from r.processing_window) / extract(epoch from r.rollup_table_interval),
    r.avg_buckets, 1)))::bigint as pending_chunks_estimate,
  (pending.buckets * r.avg_rows / r.avg_buckets)::bigint as pending_rows_estimate,
  coalesce(f.in_flight, 0) as in_flight,
  coalesce(f.queued, 0) as queued,
  coalesce(f.running, 0) as running,
  coalesce(f.retrying, 0) as retrying,
  coalesce(f.dead, 0) as dead,
  r.retry_count,
  f.next_retry_at,
  r.processing_window,
  r.avg_duration_ms,
  r.avg_rows,
  outcome.success_rate,
  outcome.attempts,
  failure.error_message as last_error,
  failure.occurred_at as last_error_at,
  seal.held_by as seal_held_by,
  nullif(r.frozen_until, '-infinity') as frozen_until,
  r.frozen_hits,
  r.frozen_hit_at,
  ordered.buckets as backfill_buckets,
  case
    when not r.tracking then format('tracking of %s is switched off', r.source_table)
    when f.dead > 0 then format('chunk %s is dead: %s', f.dead_chunk, f.dead_error)
    when r.paused_until > now() then case when isfinite(r.paused_until) then format('paused until %s', r.paused_until) else 'paused' end
    when f.retrying > 0 then format('attempt %s of a chunk failed, the next is due at %s: %s', f.retry_attempt, f.next_retry_at, f.retry_error)
    when f.running > 0 then 'chunks are running'
    when f.queued > 0 then format('chunks wait for a worker since %s', f.queued_since)
    when lag.seconds = 0 and pending.buckets = 0 then case when ordered.buckets > 0 then format('fresh; a backfill has %s buckets left', ordered.buckets)
      else 'fresh' end
    when seal.held_by is not null then format('computed provisionally: %s may still write to it', seal.held_by)
    when pending.buckets > 0 then 'work waits for a scheduler'
    when r.is_logged then 'changes wait for a scheduler'
    when r.provisional then 'computed provisionally, once more when a scheduler or a call finds its writers gone'
    when r.parent_table is not null then format('waits for %s', r.parent_table)
    else 'work waits for a scheduler' end as reason,
  -- Looked at only where somebody asks for it: as costly as all the rest.
  silver.source_change(r.rollup_id) as source_change
from rollup r
left join flight f on f.rollup_id = r.rollup_id
left join doubt on doubt.rollup_id = r.rollup_id
cross join lateral (
  -- Of most rollups nothing is missing or dirty; then silver.pending, half the cost of it all, need not be asked.
  select case when isempty(r.dirty) and isempty(r.wanted * tstzmultirange(tstzrange(null, r.due_until)) - r.covered) then 0
    else (select silver.count_buckets(work.forward + work.late, r.rollup_id) from silver.pending(r.rollup_id) work) end as buckets
  offset 0 -- without it each place that names it would compute it again
) as pending
cross join lateral (
  select o.added, case when isempty(o.remaining) then 0 else silver.count_buckets(o.remaining, r.rollup_id) end as buckets
  from silver.backfill_left(r.rollup_id) o
  offset 0
) as ordered
cross join lateral (
  select lower(r.wanted * tstzmultirange(tstzrange(null, r.due_until)) - r.covered - ordered.added) as first_missing
  offset 0
) as forward
cross join lateral (
  select greatest(0, extract(epoch from clock_timestamp() - least(
    case when isfinite(forward.first_missing) then silver.due_at(r.rollup_id, silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin,
      silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, forward.first_missing) + 1)) end,
    case when doubt.ranges && (r.wanted * tstzmultirange(tstzrange(null, r.due_until))) then doubt.since end)))::double precision as seconds
  offset 0
) as lag
cross join lateral (
  select case when r.provisional then (
    select string_agg(case when h.gid is not null then format('prepared transaction %L', h.gid) else format('pid %s', h.pid) end
      || format(' (for %s s, %s)', round(extract(epoch from clock_timestamp() - h.since)), coalesce(h.state || ': ' || left(h.query, 200), h.state, 'not visible')),
      '; ' order by h.since)
    from silver.seal_holders(r.source_id) h) end as held_by
  offset 0
) as seal
left join lateral (
  select avg(a.succeeded) as success_rate, count(*) as attempts
  from (
    select * from (
      select 1.0::double precision as succeeded, l.finished_at as at from silver.timeseries_refresh_log l
      where l.rollup_id = r.rollup_id and l.finished_at > now() - interval '1 hour' order by l.finished_at desc limit 100) as done
    union all
    select * from (
      select 0.0, e.occurred_at from silver.timeseries_error_log e
      where e.rollup_id = r.rollup_id and e.occurred_at > now() - interval '1 hour' order by e.occurred_at desc limit 100) as failed
    order by at desc limit 100
  ) as a
) as outcome on true
left join lateral (
  select e.error_message, e.occurred_at from silver.timeseries_error_log e
  where e.rollup_id = r.rollup_id order by e.occurred_at desc, e.error_id desc limit 1
) as failure on true;

comment on view silver.timeseries_operations_monitor is
  'One row per rollup: state, watermark, lag, pending work, chunks in flight by state, success rate, last error, and the reason it is behind.';
comment on column silver.timeseries_operations_monitor.rollup_id is 'The rollup.';
comment on column silver.timeseries_operations_monitor.source_table is 'The table it was declared on.';
comment on column silver.timeseries_operations_monitor.target_table is 'The table it writes.';
comment on column silver.timeseries_operations_monitor.rollup_table_interval is 'Width of a bucket.';
comment on column silver.timeseries_operations_monitor.mode is 'track or look_back.';
comment on column silver.timeseries_operations_monitor.status is 'idle, processing (a chunk runs), error (a chunk is dead or waits to be tried again) or paused.';
comment on column silver.timeseries_operations_monitor.worker_id is 'Who started a chunk last, among those running.';
comment on column silver.timeseries_operations_monitor.paused_until is 'Nothing is planned before this instant.';
comment on column silver.timeseries_operations_monitor.last_processed_time is 'The watermark: everything before it, from the start on, is computed.';
comment on column silver.timeseries_operations_monitor.lag_seconds is 'Now minus the due time of the oldest work that is due and unsettled; 0 when there is none.';
comment on column silver.timeseries_operations_monitor.alert_threshold is 'A lag above this is an alert.';
comment on column silver.timeseries_operations_monitor.is_late is 'Whether it is above.';
comment on column silver.timeseries_operations_monitor.pending_buckets is 'Buckets that could be computed now and are in no chunk.';
comment on column silver.timeseries_operations_monitor.pending_chunks_estimate is 'How many chunks of the present window that is.';
comment on column silver.timeseries_operations_monitor.pending_rows_estimate is 'How many source rows, by recent chunks; null before the first.';
comment on column silver.timeseries_operations_monitor.in_flight is 'Chunks planned and not committed.';
comment on column silver.timeseries_operations_monitor.queued is 'Of these, waiting for a worker.';
comment on column silver.timeseries_operations_monitor.running is 'Of these, running.';
comment on column silver.timeseries_operations_monitor.retrying is 'Of these, failed and waiting to be tried again.';
comment on column silver.timeseries_operations_monitor.dead is 'Of these, out of attempts: silver.retry_chunk, silver.discard_chunk, silver.reset_rollup_retry.';
comment on column silver.timeseries_operations_monitor.retry_count is 'Highest number of retries among the chunks in flight.';
comment on column silver.timeseries_operations_monitor.next_retry_at is 'When the first of the failed chunks is due again.';
comment on column silver.timeseries_operations_monitor.processing_window is 'The chunk size in force.';
comment on column silver.timeseries_operations_monitor.avg_duration_ms is 'Moving average of a chunk''s duration.';
comment on column silver.timeseries_operations_monitor.avg_rows is 'Moving average of the source rows a chunk reads.';
comment on column silver.timeseries_operations_monitor.success_rate is 'Share of successes among the last attempts, at most 100, of the last hour; null when there were none.';
comment on column silver.timeseries_operations_monitor.attempts is 'How many attempts that share is of.';
comment on column silver.timeseries_operations_monitor.last_error is 'The last error recorded.';
comment on column silver.timeseries_operations_monitor.last_error_at is 'When that was.';
comment on column silver.timeseries_operations_monitor.seal_held_by is 'The sessions and prepared transactions that may still write where the rollup has been computed; null when none.';
comment on column silver.timeseries_operations_monitor.frozen_until is 'Buckets before it are final (freeze_after); null when none are.';
comment on column silver.timeseries_operations_monitor.frozen_hits is
  'Buckets that late changes touched when they were final, frozen or with a part of their source gone: counted, not computed.';
comment on column silver.timeseries_operations_monitor.frozen_hit_at is 'When that happened last.';
comment on column silver.timeseries_operations_monitor.backfill_buckets is 'Buckets that open backfills still have to compute; they are not late.';
comment on column silver.timeseries_operations_monitor.reason is 'Why it is behind, or fresh.';
comment on column silver.timeseries_operations_monitor.source_change is
  'How the source differs from what the rollup was declared or last synchronized with: columns dropped, renamed or retyped, for which chunks fail, or added, which are not kept; null where it does not.';
