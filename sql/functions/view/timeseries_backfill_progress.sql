-- One row per backfill: how far it is, and when it will have ended. Computed from tables, so every terminal sees the same, and progress never goes back:
-- only a commit makes a bucket done.
--
-- time_left weighs what is left of each rollup by what a bucket of it took so far, and divides by how many chunks have run side by side in the last five
-- minutes, rests and rate limits included: null before the first chunk, and when none has ended for five minutes.
drop view if exists silver.timeseries_backfill_progress;
create view silver.timeseries_backfill_progress as
select
  b.backfill_id,
  r.target_table::text as target_table,
  lower(b.range) as from_time,
  upper(b.range) as to_time,
  b.descendants,
  b.direction,
  b.priority,
  b.max_in_flight,
  b.chunks_per_minute,
  b.forced,
  b.state,
  b.requested_by,
  b.created_at,
  b.finished_at,
  b.cancelled_at,
  b.cancelled_by,
  part.rollups,
  part.total_buckets,
  part.done_buckets,
  case when part.total_buckets > 0 then part.done_buckets::double precision / part.total_buckets else 1 end as done_fraction,
  ran.chunks as chunks_done,
  ran.rows_read,
  flight.in_flight,
  flight.running,
  flight.retrying,
  flight.dead,
  case when recent.wall_ms > 0 then recent.buckets * 1000 / recent.wall_ms end as buckets_per_second,
  case when b.state = 'open' and part.left_ms > 0 and recent.busy_ms > 0
    then part.left_ms * recent.wall_ms / recent.busy_ms * interval '1 millisecond' end as time_left,
  case
    when b.state = 'finished' then 'finished'
    when b.state = 'cancelled' then format('cancelled by %s', b.cancelled_by)
    when flight.dead > 0 then format('chunk %s is dead: %s', flight.dead_chunk, flight.dead_error)
    when flight.retrying > 0 then format('an attempt failed and waits to be tried again: %s', flight.retry_error)
    when flight.running > 0 then 'chunks are running'
    when flight.in_flight > 0 then 'chunks wait for a worker'
    when part.paused then 'a rollup of it is paused'
    when b.next_chunk_at > clock_timestamp() then format('limited to %s chunks a minute: the next at %s', b.chunks_per_minute, b.next_chunk_at)
    else 'waits for a scheduler' end as reason
from silver.timeseries_backfill b
join silver.timeseries_rollup_config r on r.rollup_id = b.rollup_id
cross join lateral (
  select count(*) as rollups, coalesce(sum(p.total_buckets), 0)::bigint as total_buckets,
    coalesce(sum(p.total_buckets - p.dropped_buckets - rest.buckets), 0)::bigint as done_buckets,
    sum(rest.buckets * coalesce(own.ms_per_bucket, q.avg_duration_ms / nullif(q.avg_buckets, 0))) as left_ms,
    bool_or(rest.buckets > 0 and coalesce(q.paused_until > now(), false)) as paused
  from silver.timeseries_backfill_part p
  join silver.timeseries_rollup_config q on q.rollup_id = p.rollup_id
  cross join lateral (
    select case when isempty(p.remaining) then 0 else (select sum(upper(n) - lower(n)) from unnest(silver.bucket_numbers(
      p.remaining, q.rollup_table_interval, q.bucket_time_zone, q.bucket_origin)) as n) end as buckets) as rest
  left join lateral (
    select sum(l.duration_ms) / nullif(sum(l.buckets), 0)::double precision as ms_per_bucket
    from silver.timeseries_refresh_log l where l.backfill_id = b.backfill_id and l.rollup_id = p.rollup_id) as own on b.state = 'open'
  where p.backfill_id = b.backfill_id
) as part
cross join lateral (
  select count(*) as chunks, coalesce(sum(l.rows_read), 0)::bigint as rows_read
  from silver.timeseries_refresh_log l where l.backfill_id = b.backfill_id
) as ran
cross join lateral (
  select count(*) as in_flight,
    count(*) filter (where c.state = 'running') as running,
    count(*) filter (where c.state = 'retrying') as retrying,
    count(*) filter (where c.state = 'dead') as dead,
    (array_agg(c.chunk_id order by c.chunk_id) filter (where c.state = 'dead'))[1] as dead_chunk,
    (array_agg(c.last_error order by c.chunk_id) filter (where c.state = 'dead'))[1] as dead_error,
    (array_agg(c.last_error order by c.chunk_id) filter (where c.state = 'retrying'))[1] as retry_error
  from silver.timeseries_chunk c where c.backfill_id = b.backfill_id
) as flight
cross join lateral (
  select sum(l.duration_ms) as busy_ms, sum(l.buckets)::double precision as buckets,
    extract(epoch from clock_timestamp() - min(l.started_at))::double precision * 1000 as wall_ms
  from silver.timeseries_refresh_log l
  where l.backfill_id = b.backfill_id and b.state = 'open' and l.finished_at > clock_timestamp() - interval '5 minutes'
) as recent;

comment on view silver.timeseries_backfill_progress is
  'One row per backfill: what was ordered, how far it is, its chunks in flight by state, its speed, and the time left.';
comment on column silver.timeseries_backfill_progress.backfill_id is 'The order.';
comment on column silver.timeseries_backfill_progress.target_table is 'The rollup it was ordered for.';
comment on column silver.timeseries_backfill_progress.from_time is 'Begin of the range as it was asked for.';
comment on column silver.timeseries_backfill_progress.to_time is 'Its end, exclusive.';
comment on column silver.timeseries_backfill_progress.descendants is 'Whether the rollups below are computed too.';
comment on column silver.timeseries_backfill_progress.direction is 'newest-first or oldest-first.';
comment on column silver.timeseries_backfill_progress.priority is 'Of several orders the highest goes first.';
comment on column silver.timeseries_backfill_progress.max_in_flight is 'Most chunks at once, per rollup; null: as the rollup''s.';
comment on column silver.timeseries_backfill_progress.chunks_per_minute is 'Most chunks a minute; null: no limit.';
comment on column silver.timeseries_backfill_progress.forced is 'Whether it was forced.';
comment on column silver.timeseries_backfill_progress.state is 'open, finished or cancelled.';
comment on column silver.timeseries_backfill_progress.requested_by is 'Who ordered it.';
comment on column silver.timeseries_backfill_progress.created_at is 'When it was ordered.';
comment on column silver.timeseries_backfill_progress.finished_at is 'When its last chunk was committed.';
comment on column silver.timeseries_backfill_progress.cancelled_at is 'When it was cancelled.';
comment on column silver.timeseries_backfill_progress.cancelled_by is 'Who cancelled it.';
comment on column silver.timeseries_backfill_progress.rollups is 'How many rollups it computes.';
comment on column silver.timeseries_backfill_progress.total_buckets is 'Buckets in all of them.';
comment on column silver.timeseries_backfill_progress.done_buckets is 'Buckets of them that were computed since the order.';
comment on column silver.timeseries_backfill_progress.done_fraction is 'Their share, 0 to 1; it never shrinks.';
comment on column silver.timeseries_backfill_progress.chunks_done is 'Chunks of it that were committed, as far as the refresh log reaches back.';
comment on column silver.timeseries_backfill_progress.rows_read is 'Source rows they read.';
comment on column silver.timeseries_backfill_progress.in_flight is 'Its chunks planned and not committed.';
comment on column silver.timeseries_backfill_progress.running is 'Of these, running.';
comment on column silver.timeseries_backfill_progress.retrying is 'Of these, failed and waiting to be tried again.';
comment on column silver.timeseries_backfill_progress.dead is 'Of these, out of attempts.';
comment on column silver.timeseries_backfill_progress.buckets_per_second is 'Buckets a second in the last five minutes; null when none was computed.';
comment on column silver.timeseries_backfill_progress.time_left is 'About how long it still takes; null when that is not known.';
comment on column silver.timeseries_backfill_progress.reason is 'What it is doing, or waits for.';
