-- silver.database_load(): how busy the database is, by four signals; the one place that reads them. A signal the role may not read is null and named in
-- `unreadable`, which needs pg_read_all_stats (pg_monitor has it) for all but the lock waits.
--   active_backends  client backends that run a statement now, without the caller's
--   lock_waits       lock requests that wait
--   replica_lag_s    seconds by which the slowest replica trails in applying; 0 without replicas
--   oldest_xmin_s    seconds since the oldest transaction began that holds a snapshot, prepared ones included: VACUUM cannot remove what died since
-- Volatile; takes no locks.
create or replace function silver.database_load(
  out active_backends integer, out lock_waits integer, out replica_lag_s double precision, out oldest_xmin_s double precision,
  out unreadable text[])
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  unreadable := '{}';
  lock_waits := (select count(*) from pg_catalog.pg_locks l where not l.granted);
  if not pg_has_role(current_user, 'pg_read_all_stats', 'usage') then
    unreadable := '{active_backends,replica_lag_s,oldest_xmin_s}';
    return;
  end if;
  active_backends := (
    select count(*) from pg_catalog.pg_stat_activity a
    where a.state = 'active' and a.backend_type = 'client backend' and a.pid <> pg_backend_pid());
  replica_lag_s := (select coalesce(max(extract(epoch from r.replay_lag)), 0) from pg_catalog.pg_stat_replication r);
  oldest_xmin_s := (
    select coalesce(max(greatest(0, extract(epoch from clock_timestamp() - held.since))), 0)
    from (
      select a.xact_start as since from pg_catalog.pg_stat_activity a
      where a.backend_xmin is not null and a.backend_type <> 'autovacuum worker' and a.pid <> pg_backend_pid()
      union all
      select p.prepared from pg_catalog.pg_prepared_xacts p
    ) as held);
end
$$;
