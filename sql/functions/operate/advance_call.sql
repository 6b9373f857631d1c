-- silver.advance_call(source_id, rollups): silver.advance_horizon within a call: a failure is logged and does not stop the call.
-- Locks: as silver.advance_horizon.
create or replace function silver.advance_call(source_id integer, rollups integer[])
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  message text;
begin
  perform silver.advance_horizon(source_id);
exception when others then
  get stacked diagnostics message = message_text;
  perform silver.log_call_error(source_id, rollups, sqlstate, message);
end
$$;
