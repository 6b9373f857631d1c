-- silver.grant_roles(): gives each of Silver's roles that exists the least it needs, in the schema silver, in pg-boss's, and on the tables of every
-- rollup (silver.grant_rollup). silver migrate calls it after every change: a function made anew has lost its grants.
-- Nobody else has any right on the schema; functions that act with the rights of Silver's owner are closed to PUBLIC.
-- Returns the roles granted to. Idempotent. Errors: 42501 when the caller does not own Silver's objects. Locks: catalog rows.
create or replace function silver.grant_roles()
returns setof name
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- What a role may do beside reading every table of Silver; state columns are those that chunks keep as they run.
  state constant text := 'status, worker_id, retry_count, last_processed_time, failures, probe_at, updated_at';
  rights constant jsonb := jsonb_build_object(
    'silver_scheduler', jsonb_build_array(
      'update (horizon) on silver.timeseries_tracked_source',
      'insert, update on silver.timeseries_source_extent',
      'insert, update, delete on silver.timeseries_drain',
      'insert, update, delete on silver.timeseries_invalidation_log',
      'update (wanted, covered, dirty, precise, late_planned_at, frozen_until, frozen_hits, frozen_hit_at) on silver.timeseries_progress',
      'insert, update, delete on silver.timeseries_chunk', 'insert, delete on silver.timeseries_dirty_group',
      'update (next_chunk_at, state, finished_at) on silver.timeseries_backfill', 'update (remaining) on silver.timeseries_backfill_part',
      'update (processing_window, partition_interval, ' || state || ') on silver.timeseries_rollup_config',
      'update (looked_at_columns) on silver.timeseries_rollup_statement',
      'delete on silver.timeseries_refresh_log', 'insert, delete on silver.timeseries_error_log',
      'insert, delete on silver.timeseries_maintenance_log',
      'insert, update, delete on silver.timeseries_chore',
      'insert, update, delete on silver.timeseries_process', 'insert, delete on silver.timeseries_load',
      'execute on function silver.adopt_source(integer), silver.oldest_snapshot_age(), silver.ensure_partitions(integer, tstzmultirange)',
      'execute on function silver.lock_for_drop(integer, regclass), silver.drop_partition(integer, regclass), silver.analyze_target(integer)'),
    'silver_worker', jsonb_build_array(
      -- Beside its commit, a worker halves chunks that are too big: it gives their dirt back and takes it again.
      'insert, update, delete on silver.timeseries_chunk',
      'update (wanted, covered, dirty, precise, late_planned_at) on silver.timeseries_progress',
      'update (processing_window, avg_duration_ms, avg_rows, avg_buckets, ' || state || ') on silver.timeseries_rollup_config',
      'update (next_chunk_at, state, finished_at) on silver.timeseries_backfill', 'update (remaining) on silver.timeseries_backfill_part',
      'insert on silver.timeseries_refresh_log', 'insert on silver.timeseries_error_log',
      'insert, update, delete on silver.timeseries_process',
      'execute on function silver.ensure_partitions(integer, tstzmultirange)'),
    'silver_operator', jsonb_build_array(
      'update (paused_until, ' || state || ') on silver.timeseries_rollup_config',
      'update, delete on silver.timeseries_chunk',
      'update (wanted, dirty, precise, kept) on silver.timeseries_progress',
      'insert, update (state, finished_at, cancelled_at, cancelled_by) on silver.timeseries_backfill',
      'insert, update (remaining, dropped_buckets) on silver.timeseries_backfill_part',
      'insert on silver.timeseries_audit',
      'execute on function silver.switch_tracking(integer, boolean)'),
    'silver_admin', jsonb_build_array(
      'all on all tables in schema silver', 'all on all functions in schema silver', 'all on all procedures in schema silver',
      'create on schema silver', 'usage, create on schema silver_live'),
    'silver_reader', '[]'::jsonb);
  role name;
  grant_text text;
  rollup integer;
begin
  for role in select r.rolname from pg_catalog.pg_roles r where rights ? r.rolname order by r.rolname loop
    execute format('grant usage on schema silver to %I', role);
    execute format('grant select on all tables in schema silver to %I', role);
    for grant_text in select jsonb_array_elements_text(rights -> role) loop
      execute format('grant %s to %I', grant_text, role);
    end loop;
    if role in ('silver_scheduler', 'silver_worker', 'silver_admin') and to_regnamespace('silver_pgboss') is not null then
      begin
        execute format('grant usage on schema silver_pgboss to %I', role);
        execute format('grant select, insert, update, delete on all tables in schema silver_pgboss to %I', role);
        execute format('grant usage on all sequences in schema silver_pgboss to %I', role);
        execute format('grant execute on all functions in schema silver_pgboss to %I', role);
      exception when insufficient_privilege then
        raise notice 'the schema silver_pgboss belongs to another role, which must grant % what it needs there', role;
      end;
    end if;
    return next role;
  end loop;
  for rollup in select r.rollup_id from silver.timeseries_rollup_config r order by r.rollup_id loop
    perform silver.grant_rollup(rollup);
  end loop;
end
$$;
