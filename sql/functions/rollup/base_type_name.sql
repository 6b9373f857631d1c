-- silver.base_type_name(type, typmod): SQL for the type a column holds: itself, or what lies below a domain, however deep, with the
-- modifier declared there. Stable; takes no locks.
create or replace function silver.base_type_name(type oid, typmod integer)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive level (oid, typmod) as (
    select type, typmod
    union all
    select t.typbasetype, t.typtypmod from level l join pg_catalog.pg_type t on t.oid = l.oid where t.typtype = 'd'
  )
  select format_type(l.oid, l.typmod) from level l join pg_catalog.pg_type t on t.oid = l.oid where t.typtype <> 'd'
$$;
