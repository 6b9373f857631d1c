-- silver.value_key(expression, type): SQL by which values are counted: the value itself where silver.has_exact_text and no collation
-- plays a part, which is fastest, else its text. Cast to text it is the key under which the count is stored. Stable; takes no locks.
create or replace function silver.value_key(expression text, type regtype)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select case when silver.has_exact_text(type) and t.typcollation = 0 then expression
    else format('(%s::text collate "C")', expression) end
  from pg_catalog.pg_type t where t.oid = silver.base_type(type)
$$;
