-- silver.log_rollup_success(...): writes the refresh log's row of a committed chunk and moves the rollup's averages, which
-- size the next chunks. The averages weigh the last chunk a third. Late chunks of scattered buckets do not move them, for they
-- say little about the cost of a run of buckets; nor do empty ones, once there was one with rows, whose averages replace those
-- of empty ones: buckets of rows and the long empty stretches beside them must not be mixed. Closes the rollup's
-- circuit (silver.close_circuit). Called within the chunk's transaction.
--   groups        how many groups were computed by themselves; null: whole buckets only
--   groups_cost   what they cost by the planner; null: there was no choice
--   buckets_cost  what their whole buckets would have cost
-- Errors: 22004 for a null but worker_id, 22023 for a negative number.
-- Locks: the config row.
create or replace function silver.log_rollup_success(
  rollup_id integer, chunk silver.timeseries_chunk, worker_id text, attempt integer, started_at timestamptz,
  duration_ms double precision, rows_read bigint, rows_inserted bigint, rows_updated bigint, rows_deleted bigint,
  groups bigint default null, groups_cost double precision default null, buckets_cost double precision default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  weight double precision := 1.0 / 3;
  averaged double precision;
begin
  if num_nulls(chunk.reason, chunk.ranges, chunk.buckets, attempt, started_at, duration_ms, rows_read, rows_inserted, rows_updated, rows_deleted) > 0 then
    raise exception 'chunk, attempt, started_at, duration_ms, rows_…: must not be null' using errcode = '22004',
      hint = 'silver.run_chunk calls it for every chunk that is committed; nobody else needs to.';
  elsif least(duration_ms, rows_read, rows_inserted, rows_updated, rows_deleted) < 0 then
    raise exception 'duration_ms, rows_…: must not be negative' using errcode = '22023', hint = 'Pass what was measured and counted.';
  end if;
  insert into silver.timeseries_refresh_log (
    rollup_id, chunk_id, reason, ranges, buckets, attempt, worker_id, started_at, finished_at, duration_ms,
    rows_read, rows_inserted, rows_updated, rows_deleted, target_rows_estimate, target_bytes, trace, backfill_id, groups, groups_cost, buckets_cost)
  select log_rollup_success.rollup_id, chunk.chunk_id, chunk.reason, chunk.ranges, chunk.buckets, log_rollup_success.attempt,
    log_rollup_success.worker_id, log_rollup_success.started_at, clock_timestamp(), log_rollup_success.duration_ms,
    log_rollup_success.rows_read, log_rollup_success.rows_inserted, log_rollup_success.rows_updated,
    log_rollup_success.rows_deleted, size.tuples, size.bytes, chunk.trace, chunk.backfill_id, log_rollup_success.groups, log_rollup_success.groups_cost,
    log_rollup_success.buckets_cost
  from silver.timeseries_rollup_config r
  cross join lateral (
    select sum(greatest(k.reltuples, 0))::bigint as tuples, sum(k.relpages::bigint) * current_setting('block_size')::bigint as bytes
    from silver.source_members(r.target_table) m
    -- OFFSET 0: looked up one by one. As a join all of pg_class was read, 0.07 ms a chunk.
    cross join lateral (select k.reltuples, k.relpages from pg_catalog.pg_class k where k.oid = m and k.relkind <> 'p' offset 0) as k
  ) as size
  where r.rollup_id = log_rollup_success.rollup_id;

  perform silver.close_circuit(log_rollup_success.rollup_id);
  if chunk.reason in ('forward', 'backfill') then
    select r.avg_rows into averaged from silver.timeseries_rollup_config r where r.rollup_id = log_rollup_success.rollup_id;
    weight := case when averaged is null then 1 when rows_read > 0 and averaged = 0 then 1 when rows_read = 0 and averaged > 0 then 0 else weight end;
    update silver.timeseries_rollup_config r
    set avg_duration_ms = coalesce(r.avg_duration_ms, 0) + weight * (log_rollup_success.duration_ms - coalesce(r.avg_duration_ms, 0)),
      avg_rows = coalesce(r.avg_rows, 0) + weight * (log_rollup_success.rows_read - coalesce(r.avg_rows, 0)),
      avg_buckets = coalesce(r.avg_buckets, 0) + weight * (chunk.buckets - coalesce(r.avg_buckets, 0))
    where r.rollup_id = log_rollup_success.rollup_id and weight > 0;
  end if;
end
$$;
