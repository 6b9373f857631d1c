-- silver.plan_backfill(target_table_name, from_time, to_time, descendants, force, chunks_per_minute): what silver.start_backfill would do, one row for each rollup, parents first.
-- Changes nothing and reads no row but the source's first.
--   target_table_name  the rollup's target
--   from_time          begin of the range, rounded down to a bucket; null: the source's first row
--   to_time            end, exclusive, rounded up; null, and at the latest: what has fallen due
--   descendants        whether the rollups declared on its target, and theirs in turn, are computed too
--   force              as silver.start_backfill has it
--   chunks_per_minute  as silver.start_backfill has it; it bounds the duration from below
--   ranges             what is to be computed
--   buckets            how many buckets that is
--   new_buckets        of them, never computed
--   recomputed_buckets  of them, computed again
--   skipped            what of the range cannot or must not be computed
--   source_rows        rows to be read, by PostgreSQL's statistics; null: unknown
--   chunks             how many, by the window now in force
--   duration           about how long one worker takes, by the speed of the rollup's recent chunks, or at 500,000 rows a second before the first (0.45
--                      to 2 million were measured on two cores); null: unknown
--   partitions         to be made of the target, at most
--   refusal            why silver.start_backfill would refuse; null: it would not
-- Errors: 42P01 no such table; 22023 not a target, or a range that is empty or infinite. It changes nothing, and is volatile for the EXPLAIN in it.
-- Locks: ACCESS SHARE on sources and targets. It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.plan_backfill(
  target_table_name text, from_time timestamptz default null, to_time timestamptz default null,
  descendants boolean default true, force boolean default false, chunks_per_minute double precision default null)
returns table (target_table text, ranges tstzmultirange, buckets bigint, new_buckets bigint, recomputed_buckets bigint,
  skipped tstzmultirange, source_rows bigint, chunks bigint, duration interval, partitions bigint, refusal text)
language plpgsql volatile
as $$
#variable_conflict use_column
declare
  root silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
  range tstzrange := silver.backfill_range(root.rollup_id, from_time, to_time);
  part record;
  r silver.timeseries_rollup_config;
  rows_inside double precision;
  cut bigint;
  seconds double precision;
begin
  for part in
    select p.*, m.level from silver.backfill_parts(root.rollup_id, range, coalesce(descendants, true)) p
    join silver.backfill_rollups(root.rollup_id, coalesce(descendants, true)) m on m.rollup_id = p.rollup_id
    order by m.level, p.rollup_id
  loop
    select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = part.rollup_id;
    target_table := r.target_table::text;
    ranges := part.ranges;
    skipped := part.expired + part.unfed;
    select coalesce(sum(upper(n) - lower(n)), 0) into buckets from unnest(silver.bucket_numbers(
      part.ranges, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n;
    select coalesce(sum(upper(n) - lower(n)), 0) into recomputed_buckets from unnest(silver.bucket_numbers(
      part.recomputed, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n;
    new_buckets := buckets - recomputed_buckets;
    rows_inside := silver.backfill_rows(r.rollup_id, part.ranges);
    source_rows := round(rows_inside)::bigint;
    cut := silver.size_window(
      floor(extract(epoch from r.processing_window) / extract(epoch from r.rollup_table_interval))::bigint,
      extract(epoch from r.target_chunk_duration)::double precision * 1000, r.avg_duration_ms, r.avg_rows, r.avg_buckets,
      rows_inside / nullif(buckets, 0), 1);
    chunks := ceil(buckets::numeric / cut)::bigint;
    seconds := greatest(
      rows_inside / coalesce(r.avg_rows / nullif(r.avg_duration_ms, 0) * 1000, 500000),
      case when chunks_per_minute > 0 then chunks * 60 / chunks_per_minute end);
    duration := seconds * interval '1 second';
    partitions := silver.missing_partitions(r.rollup_id, part.ranges);
    refusal := case when not coalesce(force, false) then
      silver.backfill_refusal(r.rollup_id, part.level, part.frozen, part.expired, part.unfed) end;
    return next;
  end loop;
end
$$;
