-- silver.live_name(target): the quoted, qualified name of a target's live view: <target>_live (silver.short_name).
-- Stable; takes no locks.
create or replace function silver.live_name(target regclass)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select format('%I.%I', n.nspname, silver.short_name(c.relname, '_live'))
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = target
$$;
