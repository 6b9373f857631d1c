-- silver.fed_until(rollup_id): end of the last bucket of a rollup that can be computed once its parents, up to the root, have caught up: their own last buckets
-- may not have fallen due yet when its has. Stable; takes no locks.
create or replace function silver.fed_until(rollup_id integer)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  parent_id integer;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = fed_until.rollup_id;
  select parent.rollup_id into parent_id
  from silver.timeseries_tracked_source s join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
  where s.source_id = r.source_id and s.kind = 'derived';
  return least(silver.due_until(r.rollup_id),
    silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, silver.fed_until(parent_id)));
end
$$;
