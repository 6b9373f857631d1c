-- silver.collate_clause(collation_oid): SQL that makes an expression be compared by a collation; nothing for 0, of types that have none. Stable; takes no locks.
create or replace function silver.collate_clause(collation_oid oid)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce((
    select format(' collate %I.%I', n.nspname, k.collname)
    from pg_catalog.pg_collation k join pg_catalog.pg_namespace n on n.oid = k.collnamespace where k.oid = collation_oid), '')
$$;
