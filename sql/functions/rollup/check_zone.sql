-- silver.check_zone(argument, zone): refuses what is no time zone. Errors: 22004 for null, 22023 for a zone that PostgreSQL does not know,
-- naming the argument. Stable; takes no locks.
create or replace function silver.check_zone(argument text, zone text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if zone is null then
    raise exception '%: must not be null', argument using errcode = '22004', hint = 'Leave it out for its default.';
  end if;
  perform timestamptz '2000-01-01 00:00Z' at time zone zone;
exception when invalid_parameter_value then
  raise exception '%: % is no time zone', argument, quote_literal(zone)
    using errcode = '22023', hint = 'Pass a name such as ''UTC'' or ''Europe/Berlin''; SELECT name FROM pg_timezone_names; lists them.';
end
$$;
