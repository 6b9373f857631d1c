-- silver.install_roles(): creates Silver's roles where they are missing, and gives each what it needs (silver.grant_roles). They are groups without
-- login: GRANT silver_worker TO the role a worker connects as.
--   silver_admin      declares and drops rollups, computes, maintains, changes settings
--   silver_scheduler  plans: horizons, log, chunks; maintenance and retention
--   silver_worker     computes chunks
--   silver_operator   pauses, retries, invalidates, verifies, turns tracking off and on
--   silver_reader     reads Silver's state and statistics, no source and no target
-- A role that may not create roles (managed PostgreSQL) is told so by a NOTICE, and what is there is granted. Roles belong to the server, not
-- to the database, so silver migrate creates none by itself; it grants to those that are there. Idempotent.
-- Returns the roles that are there. Errors: 42501 when the caller does not own Silver's objects. Locks: those of CREATE ROLE and GRANT.
create or replace function silver.install_roles()
returns setof name
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  role name;
begin
  foreach role in array array['silver_admin', 'silver_scheduler', 'silver_worker', 'silver_operator', 'silver_reader'] loop
    continue when to_regrole(role) is not null;
    begin
      execute format('create role %I nologin', role);
    exception
      when insufficient_privilege then
        raise notice 'role % is not there and % may not create it', role, current_user
          using hint = format('Have somebody who may run CREATE ROLE %I NOLOGIN; then SELECT silver.install_roles() again.', role);
      when duplicate_object or unique_violation then
        null; -- Another session was faster.
    end;
  end loop;
  return query select silver.grant_roles();
end
$$;
