-- silver.open_call(): what a call of silver.perform_rollup, silver.run_rollups or silver.handle_rollup_retries remembers at its beginning; see
-- silver.plan_call. The marks tell silver.call_result which log rows are this call's. Volatile; takes no locks.
create or replace function silver.open_call()
returns jsonb
language sql volatile
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
  select jsonb_build_object('began', clock_timestamp(), 'turn', 0, 'failed', '[]'::jsonb, 'late', '{}'::jsonb,
    'refresh_mark', coalesce((select max(l.refresh_id) from silver.timeseries_refresh_log l), 0),
    'error_mark', coalesce((select max(e.error_id) from silver.timeseries_error_log e), 0))
$$;
