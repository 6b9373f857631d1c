-- silver.console_roles(): which of silver_reader and silver_operator the console may work as: those that are there, that its own role is a member of, and that
-- have rights in this database. (Roles belong to the server: another database's silver.install_roles() may have made them.) Stable; takes no locks.
create or replace function silver.console_roles()
returns table (name text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select r.rolname::text from pg_catalog.pg_roles r
  where r.rolname in ('silver_reader', 'silver_operator')
    and pg_has_role(session_user, r.oid, 'member') and has_schema_privilege(r.oid, 'silver', 'usage')
$$;
