-- silver.base_type(type): the type below a domain, however deep; any other type itself. Stable; takes no locks.
create or replace function silver.base_type(type regtype)
returns regtype
language sql stable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive level (oid, base) as (
    select t.oid, t.typbasetype from pg_catalog.pg_type t where t.oid = type
    union all
    select t.oid, t.typbasetype from level l join pg_catalog.pg_type t on t.oid = l.base
  )
  select l.oid::regtype from level l where l.base = 0
$$;
