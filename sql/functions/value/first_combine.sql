-- silver.first_combine(a, b): combine function of silver.first_value: of two workers' states, the earliest. Parallel safe; takes no locks.
-- Sets no search_path, for a setting costs more than the call.
create or replace function silver.first_combine(a silver.timed_value, b silver.timed_value)
returns silver.timed_value
language plpgsql stable parallel safe
as $$
begin
  if b.at is null or a.at < b.at then
    return a;
  end if;
  if a.at is null or b.at < a.at or silver.value_before(b.value, a.value, a.value_type) then
    return b;
  end if;
  return a;
end
$$;
