-- silver.metric_kind(type): what a rollup keeps of a column of the type (of a domain: of its base type).
--   'number'  min, max, avg, sum, count: the numbers, money and interval
--   'array'   the values themselves, in order of time: json and jsonb
--   'value'   the most frequent value and how often each occurred: every other type that has an equality (a default btree or hash
--             operator class), such as boolean, texts, uuid, enums, dates, bytea, inet, ranges, arrays and composites
--   null      nothing: a type without an equality, such as xml, point or polygon
-- Stable; takes no locks.
create or replace function silver.metric_kind(type regtype)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select case
      when t.oid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'real'::regtype,
        'double precision'::regtype, 'money'::regtype, 'interval'::regtype) then 'number'
      when t.oid in ('json'::regtype, 'jsonb'::regtype) then 'array'
      when silver.has_equality(t.oid) then 'value' end
  from pg_catalog.pg_type t where t.oid = silver.base_type(type)
$$;
