-- silver.check_server(): looks for what would keep Silver from working on this server, or working well, beside what silver.validate_rollup_config says of each rollup: one
-- row a finding, worst first; no row when all is well. Changes nothing. What needs a second connection or the file system (a pooler, clocks, disk)
-- the command silver doctor looks at.
--   severity  error: it does not work; warning: it works, and will not always; info: worth knowing
--   code      names the kind of finding, for programs
--   message   what was found
--   remedy    what to do about it, as SQL where it is SQL
-- Volatile, for time passes; takes no locks.
create or replace function silver.check_server()
returns table (severity text, code text, message text, remedy text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  setting record;
  missing text;
  oldest interval;
  owner name;
begin
  if current_setting('server_version_num')::integer < 150000 then
    return query select 'error', 'version', format('this is PostgreSQL %s; Silver needs 15 or later', current_setting('server_version')),
      'Upgrade the server.';
  end if;
  if pg_is_in_recovery() then
    return query select 'error', 'standby', 'this server is a standby: nothing can be written', 'Connect to the primary.';
  elsif current_setting('transaction_read_only')::boolean then
    return query select 'error', 'read_only', 'transactions are read-only here',
      format('ALTER DATABASE %I RESET default_transaction_read_only;', current_database());
  end if;

  select string_agg(format('%s on %s', need.privilege, need.object), ', ') into missing
  from (values
    ('USAGE', 'schema silver', has_schema_privilege('silver', 'usage')),
    ('SELECT', 'silver.timeseries_rollup_config', has_table_privilege('silver.timeseries_rollup_config', 'select')),
    ('USAGE', 'schema silver_pgboss', case when to_regnamespace('silver_pgboss') is not null then has_schema_privilege('silver_pgboss', 'usage') end)
  ) as need (privilege, object, held)
  where not need.held;
  if missing is not null then
    return query select 'error', 'privileges', format('%s lacks %s', current_user, missing),
      format('SELECT silver.install_roles(); as Silver''s owner, and GRANT silver_admin (or a lesser role) TO %I;', current_user);
  end if;
  select pg_get_userbyid(n.nspowner) into owner from pg_catalog.pg_namespace n where n.nspname = 'silver';
  if not pg_has_role(owner, 'usage') and not exists (
    select from pg_catalog.pg_roles r where r.rolname in ('silver_admin', 'silver_scheduler', 'silver_worker', 'silver_operator', 'silver_reader')
      and pg_has_role(r.oid, 'usage'))
  then
    return query select 'warning', 'role', format('%s is neither Silver''s owner %s nor a member of one of its roles', current_user, owner),
      format('SELECT silver.install_roles(); as %I, and GRANT silver_worker TO %I; or the role it needs.', owner, current_user);
  end if;
  if to_regnamespace('silver_pgboss') is null then
    return query select 'error', 'queue', 'there is no schema silver_pgboss: jobs cannot be delivered', 'Run silver migrate.';
  end if;

  for setting in
    select s.* from (values
      ('autovacuum', current_setting('autovacuum') = 'on', 'warning', 'autovacuum is off: Silver''s tables and the queue grow without bound',
        'ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();'),
      ('track_counts', current_setting('track_counts') = 'on', 'warning', 'track_counts is off, so autovacuum does not work',
        'ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();'),
      ('fsync', current_setting('fsync') = 'on', 'warning', 'fsync is off: a crash of the machine loses the database',
        'ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();'),
      ('session_replication_role', current_setting('session_replication_role') <> 'replica', 'warning',
        'session_replication_role is replica here: foreign keys and other triggers sleep, Silver''s do not',
        format('ALTER ROLE %I RESET session_replication_role;', current_user)),
      ('isolation', current_setting('default_transaction_isolation') = 'read committed', 'info',
        format('default_transaction_isolation is %s: each write of such a transaction is logged', current_setting('default_transaction_isolation')),
        'Nothing, if it is meant; writers at READ COMMITTED cost less.'),
      ('max_connections', current_setting('max_connections')::integer >= 30, 'warning',
        format('max_connections is %s: a scheduler takes about 11 connections, a worker 4 and one for each chunk at once', current_setting('max_connections')),
        'ALTER SYSTEM SET max_connections = 100; and restart the server.')
    ) as s (code, fine, severity, message, remedy)
    where not s.fine
  loop
    return query select setting.severity, setting.code, setting.message, setting.remedy;
  end loop;
  if (select count(*) from pg_catalog.pg_stat_activity) > current_setting('max_connections')::integer * 0.9 then
    return query select 'warning', 'connections', format('%s of %s connections are taken', (select count(*) from pg_catalog.pg_stat_activity), current_setting('max_connections')),
      'End idle sessions, lower SILVER_WORKER_CONCURRENCY, or raise max_connections.';
  end if;

  oldest := silver.oldest_snapshot_age();
  if oldest > interval '10 minutes' then
    return query select 'warning', 'old_transaction', format('a transaction has been open for %s: rows that are gone cannot be vacuumed', oldest),
      'SELECT pid, xact_start, state, query FROM pg_stat_activity WHERE datname = current_database() ORDER BY xact_start LIMIT 1; SELECT * FROM pg_prepared_xacts;';
  end if;
  if exists (select from silver.timeseries_rollup_config) then
    if not exists (select from pg_catalog.pg_stat_activity a where a.datname = current_database() and a.application_name like 'silver scheduler%')
      and coalesce((select max(l.finished_at) from silver.timeseries_refresh_log l where l.worker_id like 'call/%') < now() - interval '1 hour', true)
    then
      return query select 'warning', 'no_scheduler', 'no scheduler is connected, and no call of silver.run_rollups has computed anything for an hour',
        'Start silver scheduler, or have pg_cron CALL silver.run_rollups();';
    end if;
    if not exists (select from pg_catalog.pg_stat_activity a where a.datname = current_database() and a.application_name like 'silver worker%')
      and exists (select from silver.timeseries_chunk c where c.state = 'queued' and c.delivered_by = 'job' and c.planned_at < now() - interval '1 minute')
    then
      return query select 'error', 'no_worker', 'chunks have been waiting for more than a minute, and no worker is connected', 'Start silver worker.';
    end if;
  end if;
end
$$;
