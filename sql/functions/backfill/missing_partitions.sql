-- silver.missing_partitions(rollup_id, ranges): how many partitions the target lacks for these ranges, at most as many as they could need: a chunk over an empty
-- stretch makes none. 0 for a target that is not partitioned. Stable; takes no locks.
create or replace function silver.missing_partitions(rollup_id integer, ranges tstzmultirange)
returns bigint
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  origin timestamptz;
  held tstzmultirange;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = missing_partitions.rollup_id;
  if r.partition_interval is null or isempty(ranges) then
    return 0;
  end if;
  origin := silver.bucket_origin(r.partition_interval, r.bucket_time_zone);
  select coalesce(range_agg(tstzrange(b.lower_at, b.upper_at)), '{}') into held from silver.partition_bounds(r.target_table) b;
  return (
    select coalesce(sum(upper(n) - lower(n)), 0) from unnest(silver.bucket_numbers(
      silver.widen_to_buckets(ranges - held, r.partition_interval, r.bucket_time_zone, origin),
      r.partition_interval, r.bucket_time_zone, origin)) as n);
end
$$;
