-- silver.occupied_buckets(rollup_id): the buckets from the first to the last that hold a row, of the source or of the target, numbered
-- (silver.bucket_index). Outside it there is nothing to compute, and nothing stored that could be wrong. The whole line where the source's extent is
-- unknown. For sizing the chunks of a call; what is right never depends on it. The caller holds silver.lock_source.
-- Locks: those of silver.recent_extent; ACCESS SHARE on the target for its one query.
create or replace function silver.occupied_buckets(rollup_id integer)
returns int8range
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  r silver.timeseries_rollup_config;
  extent silver.timeseries_source_extent;
  stored record;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = occupied_buckets.rollup_id;
  extent := silver.recent_extent(r.source_id);
  if extent.first_at is null then
    return '(,)';
  end if;
  execute format('select min("timestamp") as first_at, max("timestamp") as last_at from %s', r.target_table) into stored;
  return int8range(
    silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, least(extent.first_at, stored.first_at)),
    silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, greatest(extent.last_at, stored.last_at)), '[]');
end
$$;
