-- silver.expiry_bound(rollup_id): the bucket boundary before which retention drops the rollup's target, now or as soon as its children have done with it; -infinity
-- without a retention_period. Stable; takes no locks.
create or replace function silver.expiry_bound(rollup_id integer)
returns timestamptz
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin,
    silver.bucket_floor(coalesce(r.partition_interval, r.rollup_table_interval), r.bucket_time_zone,
      case when r.partition_interval is null then r.bucket_origin else silver.bucket_origin(r.partition_interval, r.bucket_time_zone) end,
      now() - r.retention_period)), '-infinity')
  from silver.timeseries_rollup_config r where r.rollup_id = expiry_bound.rollup_id
$$;
