-- silver.database_pressure(): 1 when the database is at ease; less, by which chunks are to be smaller, when many of its connections are
-- busy: a half above a quarter of max_connections, a quarter above a half. By silver.database_load; 1 where the role may not read it. The small shadow, for
-- calls without a scheduler, of what a scheduler decides, which knows the server's cores. Volatile; takes no locks.
create or replace function silver.database_pressure()
returns double precision
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select case when busy > 0.5 then 0.25 when busy > 0.25 then 0.5 else 1 end::double precision
  from (
    select l.active_backends / current_setting('max_connections')::double precision as busy from silver.database_load() l
  ) as activity
$$;
