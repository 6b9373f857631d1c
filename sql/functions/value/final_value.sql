-- silver.final_value(state, value, time): final function of silver.first_value and silver.last_value: the value kept, in its own
-- type. The last two arguments are always null and say the type. Parallel safe; takes no locks.
-- Sets no search_path, for it is called once a group and names nothing.
create or replace function silver.final_value(state silver.timed_value, value anyelement, "time" timestamptz)
returns anyelement
language plpgsql stable parallel safe
as $$
begin
  value := state.value;
  return value;
end
$$;
