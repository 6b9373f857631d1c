-- silver.has_equality(type): whether values of the type can be compared, and so grouped by: it has a default btree operator class,
-- or one holds for its kind (enums, ranges, arrays and composites of such types). Stable; takes no locks.
create or replace function silver.has_equality(type regtype)
returns boolean
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select case
      when t.typtype = 'd' then silver.has_equality(t.typbasetype)
      when t.typtype in ('e', 'r', 'm') then true
      when t.typtype = 'c' then not exists (
        select from pg_catalog.pg_attribute a
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped and not silver.has_equality(a.atttypid))
      when t.typcategory = 'A' and t.typelem <> 0 and t.typlen = -1 then silver.has_equality(t.typelem)
      else exists (
        select from pg_catalog.pg_opclass o join pg_catalog.pg_am m on m.oid = o.opcmethod
        where m.amname = 'btree' and o.opcdefault
          and (o.opcintype = t.oid or exists (
            -- varchar and cidr have the classes of text and inet.
            select from pg_catalog.pg_cast k where k.castsource = t.oid and k.casttarget = o.opcintype
              and k.castmethod = 'b' and k.castcontext = 'i')))
      end
  from pg_catalog.pg_type t where t.oid = type
$$;
