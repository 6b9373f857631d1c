-- silver.widen_to_buckets(ranges, width, zone, origin): the ranges, rounded out to whole buckets. Infinite bounds stay.
-- Every range of Silver includes its lower and excludes its upper bound. Immutable; takes no locks.
create or replace function silver.widen_to_buckets(ranges tstzmultirange, width interval, zone text, origin timestamptz)
returns tstzmultirange
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(range_agg(tstzrange(
      silver.bucket_floor(width, zone, origin, lower(r)),
      silver.bucket_ceiling(width, zone, origin, upper(r)))), '{}')
    from unnest(ranges) as r);
end
$$;
