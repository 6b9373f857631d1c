-- silver.is_hashable(type): whether the type (for a domain: its base type) has a default hash operator class.
-- Arrays, ranges and composites are only as hashable as what they hold, so they count as not. Stable; takes no locks.
create or replace function silver.is_hashable(type regtype)
returns boolean
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select t.typtype in ('b', 'e', 'd') and t.typcategory <> 'A' and (
    t.typtype = 'e' or exists (
      select from pg_catalog.pg_opclass o join pg_catalog.pg_am m on m.oid = o.opcmethod
      where m.amname = 'hash' and o.opcdefault
        and (o.opcintype = coalesce(nullif(t.typbasetype, 0), t.oid)
          or (o.opcintype = 'text'::regtype and coalesce(nullif(t.typbasetype, 0), t.oid) = 'varchar'::regtype))))
  from pg_catalog.pg_type t where t.oid = type
$$;
