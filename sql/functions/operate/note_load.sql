-- silver.note_load(active_backends, lock_waits, replica_lag_s, oldest_xmin_s, factor): keeps a sample of how busy the database is (silver.database_load,
-- whose units these are; null: not known), and how far planning is held back, 1: not at all. Nothing is written within ten seconds of the last sample.
-- Samples older than a week go. Errors: 23514 for a factor that is none. Locks: rows.
create or replace function silver.note_load(
  active_backends integer, lock_waits integer, replica_lag_s double precision, oldest_xmin_s double precision, factor double precision)
returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  delete from silver.timeseries_load l where l.taken_at < clock_timestamp() - interval '7 days';
  insert into silver.timeseries_load (active_backends, lock_waits, replica_lag_s, oldest_xmin_s, factor)
  select note_load.active_backends, note_load.lock_waits, note_load.replica_lag_s, note_load.oldest_xmin_s, note_load.factor
  where not exists (select from silver.timeseries_load l where l.taken_at > clock_timestamp() - interval '10 seconds')
  on conflict do nothing
$$;
