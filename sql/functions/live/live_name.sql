-- silver.live_name(target): the quoted, qualified name of a target's live view: <target>_live, shortened to 63 bytes.
-- Stable; takes no locks.
create or replace function silver.live_name(target regclass)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select format('%I.%I', n.nspname, left(c.relname, 58) || '_live')
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = target
$$;
