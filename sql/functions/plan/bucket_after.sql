-- silver.bucket_after(rollup, at): the end of the rollup's bucket that holds the instant. Stable; takes no locks.
create or replace function silver.bucket_after(rollup silver.timeseries_rollup_config, at timestamptz)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return silver.bucket_start(rollup.rollup_table_interval, rollup.bucket_time_zone, rollup.bucket_origin,
    silver.bucket_index(rollup.rollup_table_interval, rollup.bucket_time_zone, rollup.bucket_origin, at) + 1);
end
$$;
