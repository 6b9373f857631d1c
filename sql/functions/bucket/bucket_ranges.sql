-- silver.bucket_ranges(numbers, width, zone, origin): runs of bucket numbers as ranges of time.
-- The inverse is silver.bucket_numbers. Immutable; takes no locks.
create or replace function silver.bucket_ranges(numbers int8multirange, width interval, zone text, origin timestamptz)
returns tstzmultirange
language sql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(range_agg(tstzrange(
    silver.bucket_start(width, zone, origin, lower(r)),
    silver.bucket_start(width, zone, origin, upper(r)))), '{}')
  from unnest(numbers) as r
$$;
