-- silver.bucket_kind(width, zone): how buckets of this width are laid out in time.
--   'fixed'  widths below a day, and whole days in UTC: a constant number of microseconds from the origin
--   'day'    whole days in another zone: from local midnight to local midnight (23, 24 or 25 hours)
--   'month'  whole months: from the local day of the origin to the same day a month later
-- A width of 24 hours is one day. Errors: 22023 for a width that is zero, negative, infinite, or mixes months with days or time;
-- an unknown zone is refused by PostgreSQL (22023). Immutable; takes no locks.
create or replace function silver.bucket_kind(width interval, zone text)
returns text
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
declare
  months integer;
  span numeric;
begin
  if not isfinite(width) then
    raise exception 'a bucket must have an end, not %', width using errcode = '22023', hint = 'Use a finite interval such as ''1 hour''.';
  end if;
  months := extract(year from width)::integer * 12 + extract(month from width)::integer;
  span := extract(epoch from width - make_interval(months => months));
  if months <> 0 and span <> 0 then
    raise exception 'a bucket of % mixes months with days or time', width
      using errcode = '22023', hint = 'Use whole months (''1 month'', ''3 months'', ''1 year''), or days and time alone.';
  end if;
  if months < 0 or span < 0 or (months = 0 and span = 0) then
    raise exception 'a bucket must be longer than nothing, not %', width
      using errcode = '22023', hint = 'Use a positive interval such as ''1 hour''.';
  end if;
  if months > 0 then
    return 'month';
  end if;
  if span % 86400 = 0 and zone <> 'UTC' then
    return 'day';
  end if;
  return 'fixed';
end
$$;
