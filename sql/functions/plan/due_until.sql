-- silver.due_until(rollup_id): end of the last bucket that has fallen due (silver.due_at): ended at least safety_buffer ago and, for a rollup of a rollup, within
-- what of its parent has fallen due. Stable; takes no locks.
create or replace function silver.due_until(rollup_id integer)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
begin
  return (
    select silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, least(now() - r.safety_buffer, (
      select silver.due_until(parent.rollup_id)
      from silver.timeseries_tracked_source s
      join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
      where s.source_id = r.source_id and s.kind = 'derived')))
    from silver.timeseries_rollup_config r where r.rollup_id = due_until.rollup_id);
end
$$;
