-- silver.tie_order(expression, type): SQL by which values at the same instant are ordered: their own order where
-- silver.orders_by_value, else their text, byte by byte. silver.first_value and last_value decide the same way. Stable; takes no locks.
create or replace function silver.tie_order(expression text, type regtype)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select case when silver.orders_by_value(type) then expression else format('%s::text collate "C"', expression) end
$$;
