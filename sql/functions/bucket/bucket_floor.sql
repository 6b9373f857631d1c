-- silver.bucket_floor(width, zone, origin, ts): the start of the bucket that holds the instant; infinite instants are
-- returned as they are. For the planner; people and SQL of their own use silver.time_bucket, which the planner of
-- PostgreSQL inlines. Immutable; takes no locks.
create or replace function silver.bucket_floor(width interval, zone text, origin timestamptz, ts timestamptz)
returns timestamptz
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Most buckets are shorter than a day, and the server's own function takes a tenth of the time. Of instants before the origin its releases think
  -- differently, and interval comparison takes a month for 30 days.
  if width < interval '1 day' and width > interval '0' and extract(month from width) = 0 and extract(year from width) = 0
    and ts >= origin and isfinite(ts) and isfinite(origin)
  then
    return date_bin(width, ts, origin);
  end if;
  return case when isfinite(ts)
    then silver.bucket_start(width, zone, origin, silver.bucket_index(width, zone, origin, ts))
    else ts end;
end
$$;
