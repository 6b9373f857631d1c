-- silver.database_pressure(): 1 when the database is at ease; less, by which chunks are to be smaller, when many of its connections are
-- busy: a half above a quarter of max_connections, a quarter above a half. Counts the backends whose activity the role may
-- see (its own, or all with pg_read_all_stats). Volatile; takes no locks.
create or replace function silver.database_pressure()
returns double precision
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select case when busy > 0.5 then 0.25 when busy > 0.25 then 0.5 else 1 end::double precision
  from (
    select count(*) / current_setting('max_connections')::double precision as busy
    from pg_catalog.pg_stat_activity a
    where a.state = 'active' and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
  ) as activity
$$;
