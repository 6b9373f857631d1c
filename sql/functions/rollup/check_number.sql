-- silver.check_number(argument, given, lowest, highest): refuses a number that a setting cannot have.
-- Errors: 22004 for null, 22023 out of range, naming the argument. Immutable; takes no locks.
create or replace function silver.check_number(argument text, given integer, lowest integer, highest integer)
returns void
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if given is null then
    raise exception '%: must not be null', argument using errcode = '22004', hint = 'Leave it out for its default.';
  end if;
  if given not between lowest and highest then
    raise exception '%: % is not between % and %', argument, given, lowest, highest
      using errcode = '22023', hint = format('Pass a whole number from %s to %s.', lowest, highest);
  end if;
end
$$;
