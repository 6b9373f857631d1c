-- silver.check_instant(argument, given, otherwise): the instant given, or the other one where none is.
-- Errors: 22023 for one that is infinite or outside of the years 1 to 9999, naming the argument. Immutable; takes no locks.
create or replace function silver.check_instant(argument text, given timestamptz, otherwise timestamptz)
returns timestamptz
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if not coalesce(given, otherwise) between timestamptz '0001-01-01 00:00Z' and timestamptz '9999-12-31 23:59Z' then
    raise exception '%: % is not within the years 1 to 9999', argument, coalesce(given, otherwise)
      using errcode = '22023', hint = 'Pass an instant such as ''2026-01-01 00:00+00''.';
  end if;
  return coalesce(given, otherwise);
end
$$;
