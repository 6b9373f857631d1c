-- silver.oldest_snapshot_age(): how long the oldest transaction of this database has been open that keeps row versions from being removed,
-- prepared ones included; zero when there is none. SECURITY DEFINER, so that who plans needs no right to see other roles'
-- sessions: when Silver's owner may see them (pg_read_all_stats), all count, else its own. Stable; takes no locks.
create or replace function silver.oldest_snapshot_age()
returns interval
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(greatest(
    (select max(clock_timestamp() - a.xact_start) from pg_catalog.pg_stat_activity a
     where a.datname = current_database() and (a.backend_xmin is not null or a.backend_xid is not null) and a.pid <> pg_backend_pid()),
    (select max(clock_timestamp() - x.prepared) from pg_catalog.pg_prepared_xacts x where x.database = current_database())), interval '0')
$$;

revoke all on function silver.oldest_snapshot_age() from public;
