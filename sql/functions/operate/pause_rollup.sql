-- silver.pause_rollup(target_table_name, until): plans nothing of the rollup before that instant; default: until it is resumed. Chunks in flight
-- go on; changes go on being logged, so the live view stays right. Calling it again moves the instant.
-- Errors: 42P01 no such table; 22023 not a target, or an instant that has passed; 22004 null. Locks: the config row.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.pause_rollup(target_table_name text, until timestamptz default 'infinity')
returns void
language plpgsql
as $$
declare
  r silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
begin
  if until is null then
    raise exception 'until: must not be null' using errcode = '22004', hint = 'Leave it out to pause until resume_rollup.';
  end if;
  if until <= clock_timestamp() then
    raise exception 'until: % has passed', until using errcode = '22023', hint = 'Pass an instant to come.';
  end if;
  update silver.timeseries_rollup_config c set paused_until = until, updated_at = clock_timestamp()
  where c.rollup_id = r.rollup_id;
  perform silver.show_rollup_state(r.rollup_id);
end
$$;
