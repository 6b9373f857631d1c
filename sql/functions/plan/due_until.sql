-- silver.due_until(rollup_id): end of the last bucket that has fallen due: ended at least safety_buffer ago. Stable; takes no locks.
create or replace function silver.due_until(rollup_id integer)
returns timestamptz
language sql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
  select silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, now() - r.safety_buffer)
  from silver.timeseries_rollup_config r where r.rollup_id = due_until.rollup_id
$$;
