-- silver.value_before(a, b, type): whether of two values at the same instant, given as text, a comes first: by the order of the
-- type where silver.orders_by_value, else by their text. Stable, parallel safe; takes no locks.
create or replace function silver.value_before(a text, b text, type regtype)
returns boolean
language plpgsql stable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
declare
  result boolean;
begin
  if not silver.orders_by_value(type) then
    return a < b collate "C";
  end if;
  execute format('select cast($1 as %1$s) < cast($2 as %1$s)', type) into result using a, b;
  return result;
end
$$;
