-- silver.orders_by_value(type): whether ties between values of the type are broken by its own order: base types and enums with a
-- default btree order that no collation changes. Those of all others (texts, arrays, ranges, composites, json) are broken by
-- their text, byte by byte, which is the same everywhere. Domains are judged by their base type. Stable; takes no locks.
create or replace function silver.orders_by_value(type regtype)
returns boolean
language sql stable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select t.typtype in ('b', 'e') and t.typcollation = 0 and t.typcategory <> 'A' and (t.typtype = 'e' or exists (
    select from pg_catalog.pg_opclass o join pg_catalog.pg_am m on m.oid = o.opcmethod
    where m.amname = 'btree' and o.opcdefault and o.opcintype = t.oid))
  from pg_catalog.pg_type t where t.oid = silver.base_type(type)
$$;
