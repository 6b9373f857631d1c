-- silver.bucket_start(width, zone, origin, index): the instant at which bucket number `index` begins; bucket 0 begins at
-- the origin. Bucket i is [bucket_start(i), bucket_start(i + 1)): so buckets tile time by construction, whatever the zone
-- does. A local midnight that does not exist is the instant the clock jumped to; one that comes twice is the second.
-- Immutable (the zone is a parameter; the session's plays no part); takes no locks.
create or replace function silver.bucket_start(width interval, zone text, origin timestamptz, index bigint)
returns timestamptz
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
declare
  months integer;
  local_origin timestamp;
  month_origin timestamp;
begin
  case silver.bucket_kind(width, zone)
    when 'fixed' then
      -- Whole days and microseconds apart, so that no double rounds the sum.
      declare
        micros numeric := index * extract(epoch from width) * 1000000;
        days integer := div(micros, 86400000000);
      begin
        return (origin at time zone 'UTC'
          + make_interval(days => days)
          + (micros - days * 86400000000)::bigint * interval '1 microsecond') at time zone 'UTC';
      end;
    when 'day' then
      return (origin at time zone zone
        + make_interval(days => (index * (extract(epoch from width) / 86400))::integer)) at time zone zone;
    else
      months := extract(year from width)::integer * 12 + extract(month from width)::integer;
      local_origin := origin at time zone zone;
      month_origin := date_trunc('month', local_origin);
      return (month_origin + make_interval(months => (index * months)::integer)
        + (local_origin - month_origin)) at time zone zone;
  end case;
end
$$;
