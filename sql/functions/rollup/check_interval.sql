-- silver.check_interval(argument, given, positive, required): refuses an interval that a setting cannot have. positive: zero is refused too.
-- Errors: 22004 for a null that is required to be a value; 22023 for one that is negative, infinite or longer than 1,000 years (no time is
-- left before it). Each names the argument. Immutable; takes no locks.
create or replace function silver.check_interval(argument text, given interval, positive boolean, required boolean default false)
returns void
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
begin
  if given is null then
    if required then
      raise exception '%: must not be null', argument using errcode = '22004', hint = 'Leave it out for its default.';
    end if;
    return;
  end if;
  if not isfinite(given) or given > interval '1000 years' or given < interval '-1000 years' then
    raise exception '%: % is longer than 1,000 years', argument, given
      using errcode = '22023', hint = 'Pass a finite interval such as ''1 day''; null, where there is none.';
  end if;
  if given < interval '0' or (positive and given = interval '0') then
    raise exception '%: must be %, not %', argument, case when positive then 'longer than nothing' else 'no less than nothing' end, given
      using errcode = '22023', hint = 'Pass a positive interval such as ''1 day''.';
  end if;
end
$$;
