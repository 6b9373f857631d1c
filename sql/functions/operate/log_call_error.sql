-- silver.log_call_error(source_id, rollups, sql_state, message): records that a call could not plan a source: a row of the error log for
-- each of its rollups that the call is about, and a warning. Called from an exception handler. Locks: none but of the rows it inserts.
create or replace function silver.log_call_error(source_id integer, rollups integer[], sql_state text, message text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into silver.timeseries_error_log (rollup_id, worker_id, error_message, sql_state, context)
  select r.rollup_id, silver.caller_id(), log_call_error.message, log_call_error.sql_state, 'planning'
  from silver.timeseries_rollup_config r
  where r.source_id = log_call_error.source_id and r.rollup_id = any (rollups);
  raise warning '%: not planned: %', (
    select s.source_table from silver.timeseries_tracked_source s where s.source_id = log_call_error.source_id), message;
end
$$;
