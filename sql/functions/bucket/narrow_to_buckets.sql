-- silver.narrow_to_buckets(ranges, width, zone, origin): the whole buckets within the ranges. Infinite bounds stay.
-- Immutable; takes no locks.
create or replace function silver.narrow_to_buckets(ranges tstzmultirange, width interval, zone text, origin timestamptz)
returns tstzmultirange
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(range_agg(tstzrange(lo, hi)), '{}')
    from (
      select silver.bucket_ceiling(width, zone, origin, lower(r)) as lo,
             silver.bucket_floor(width, zone, origin, upper(r)) as hi
      from unnest(ranges) as r
    ) as bounds
    where lo is null or hi is null or lo < hi);
end
$$;
