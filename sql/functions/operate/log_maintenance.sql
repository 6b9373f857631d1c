-- silver.log_maintenance(...): writes one row of silver.timeseries_maintenance_log and returns it. Locks: none but of the row.
create or replace function silver.log_maintenance(
  rollup_id integer, action text, object_name text, detail text, affected_rows bigint, started_at timestamptz)
returns silver.timeseries_maintenance_log
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  insert into silver.timeseries_maintenance_log (rollup_id, action, object_name, detail, affected_rows, started_at)
  values (log_maintenance.rollup_id, log_maintenance.action, log_maintenance.object_name, log_maintenance.detail,
    log_maintenance.affected_rows, log_maintenance.started_at)
  returning *
$$;
