-- silver.resume_rollup(target_table_name): ends a pause; nothing if there is none. What fell due meanwhile is planned at once.
-- Errors: 42P01 no such table; 22023 not a target. Locks: the config row.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.resume_rollup(target_table_name text)
returns void
language plpgsql
as $$
declare
  r silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
begin
  update silver.timeseries_rollup_config c set paused_until = null, updated_at = clock_timestamp()
  where c.rollup_id = r.rollup_id and c.paused_until is not null;
  perform silver.show_rollup_state(r.rollup_id);
  perform pg_notify('silver_wake', '');
end
$$;
