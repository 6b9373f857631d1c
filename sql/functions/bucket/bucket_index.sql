-- silver.bucket_index(width, zone, origin, ts): the number of the bucket that holds the instant: the greatest i with
-- bucket_start(i) <= ts. Errors: 22008 for an infinite instant, which no bucket holds.
-- The estimate from local time is off by one where a zone turned its clock back over midnight; the loops mend that.
-- Immutable; takes no locks.
create or replace function silver.bucket_index(width interval, zone text, origin timestamptz, ts timestamptz)
returns bigint
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
declare
  months integer;
  local_origin timestamp;
  shifted timestamp;
  month_origin timestamp;
  guess bigint;
begin
  if not isfinite(ts) then
    raise exception 'no bucket holds %', ts using errcode = '22008';
  end if;
  case silver.bucket_kind(width, zone)
    when 'fixed' then
      return floor((extract(epoch from ts) - extract(epoch from origin)) / extract(epoch from width));
    when 'day' then
      guess := floor((extract(epoch from ts at time zone zone) - extract(epoch from origin at time zone zone))
        / extract(epoch from width));
    else
      months := extract(year from width)::integer * 12 + extract(month from width)::integer;
      local_origin := origin at time zone zone;
      month_origin := date_trunc('month', local_origin);
      shifted := (ts at time zone zone) - (local_origin - month_origin);
      guess := floor(((extract(year from shifted) - extract(year from month_origin)) * 12
        + extract(month from shifted) - extract(month from month_origin)) / months);
  end case;
  while silver.bucket_start(width, zone, origin, guess) > ts loop
    guess := guess - 1;
  end loop;
  while silver.bucket_start(width, zone, origin, guess + 1) <= ts loop
    guess := guess + 1;
  end loop;
  return guess;
end
$$;
