-- silver.check_width(argument, width, zone): refuses a width that no buckets can have (silver.bucket_kind), naming the argument.
-- Errors: 22004, 22023. Immutable; takes no locks.
create or replace function silver.check_width(argument text, width interval, zone text)
returns void
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  remedy text;
begin
  perform silver.check_interval(argument, width, positive => true, required => true);
  perform silver.bucket_kind(width, zone);
exception when sqlstate '22023' then
  if starts_with(sqlerrm, argument || ': ') then
    raise;
  end if;
  get stacked diagnostics remedy = pg_exception_hint;
  raise exception '%: %', argument, sqlerrm using errcode = '22023', hint = remedy;
end
$$;
