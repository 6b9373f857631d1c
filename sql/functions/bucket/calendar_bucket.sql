-- silver.calendar_bucket(width, ts, zone, origin): the start of the bucket of days in a zone, or of months, that holds a finite instant.
-- The common buckets (one day or one month from the default origin) take the fast way, corrected as silver.bucket_index is;
-- all others are counted by it. Immutable, parallel safe; takes no locks.
create or replace function silver.calendar_bucket(width interval, ts timestamptz, zone text, origin timestamptz)
returns timestamptz
language plpgsql immutable parallel safe strict
set search_path = ''
as $$
declare
  unit text := case width when interval '1 day' then 'day' when interval '1 month' then 'month' end;
  start timestamptz;
begin
  if unit is not null and origin = silver.bucket_origin(width, zone) then
    start := date_trunc(unit, ts at time zone zone) at time zone zone;
    if start <= ts and ((date_trunc(unit, ts at time zone zone) + width) at time zone zone) > ts then
      return start;
    end if;
  end if;
  return silver.bucket_floor(width, zone, origin, ts);
end
$$;
