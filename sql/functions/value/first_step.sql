-- silver.first_step(state, value, time): transition function of silver.first_value. Keeps the earliest value so far as text, for an
-- aggregate in SQL can have no state of the value's own type with a time beside it. Parallel safe; takes no locks.
-- Sets no search_path, for it is called once a row.
create or replace function silver.first_step(state silver.timed_value, value anyelement, "time" timestamptz)
returns silver.timed_value
language plpgsql stable parallel safe
as $$
begin
  if value is null or "time" is null or "time" > state.at then
    return state;
  end if;
  if "time" = state.at and not (case when silver.orders_by_value(state.value_type)
    then silver.compare_to_text(value, value, state.value) < 0
    else silver.exact_text(value) < state.value collate "C" end)
  then
    return state;
  end if;
  state.at := "time";
  state.value_type := pg_typeof(value);
  -- The setting of nearly every session; looking at it costs a tenth of pinning it.
  if current_setting('datestyle') like 'ISO%' and current_setting('extra_float_digits')::integer > 0 then
    state.value := format('%s', value);
  else
    state.value := silver.exact_text(value);
  end if;
  return state;
end
$$;
