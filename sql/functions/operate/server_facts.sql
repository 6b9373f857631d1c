-- silver.server_facts(): what silver doctor compares with what it sees from outside: its version, its clock, whether the session has the settings it was opened
-- with (a pooler may drop them), and where the data lies (null where the role may not know), how large this database is, and whether the server
-- is on the same machine as its client. Volatile; takes no locks.
create or replace function silver.server_facts(
  out server_version text, out now_ms double precision, out has_settings boolean,
  out data_directory text, out is_local boolean, out database_bytes bigint, out rollups bigint)
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select current_setting('server_version'), extract(epoch from clock_timestamp())::double precision * 1000,
    current_setting('TimeZone') = 'UTC' and current_setting('default_transaction_isolation') = 'read committed'
      and current_setting('lock_timeout') <> '0' and current_setting('application_name') like 'silver%',
    (select s.setting from pg_catalog.pg_settings s where s.name = 'data_directory'),
    coalesce(inet_server_addr() = inet_client_addr(), true),
    pg_database_size(current_database()),
    (select count(*) from silver.timeseries_rollup_config)
$$;
