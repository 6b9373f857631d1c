-- silver.bucket_after(rollup, at): the end of the rollup's bucket that holds the instant. Stable; takes no locks.
create or replace function silver.bucket_after(rollup silver.timeseries_rollup_config, at timestamptz)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  -- As in silver.bucket_floor; a day within the interval would be one of the session's zone.
  if rollup.rollup_table_interval < interval '1 day' and extract(day from rollup.rollup_table_interval) = 0 then
    return silver.bucket_floor(rollup.rollup_table_interval, rollup.bucket_time_zone, rollup.bucket_origin, at) + rollup.rollup_table_interval;
  end if;
  return silver.bucket_start(rollup.rollup_table_interval, rollup.bucket_time_zone, rollup.bucket_origin,
    silver.bucket_index(rollup.rollup_table_interval, rollup.bucket_time_zone, rollup.bucket_origin, at) + 1);
end
$$;
