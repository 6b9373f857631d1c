-- silver.bucket_ceiling(width, zone, origin, ts): the first bucket boundary at or after the instant; infinite instants
-- are returned as they are. Immutable; takes no locks.
create or replace function silver.bucket_ceiling(width interval, zone text, origin timestamptz, ts timestamptz)
returns timestamptz
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
declare
  floor_at timestamptz := silver.bucket_floor(width, zone, origin, ts);
begin
  if floor_at = ts then
    return ts;
  end if;
  -- As in silver.bucket_floor, which has refused what mixes months with time; a day within the width would be one of the session's zone.
  if width < interval '1 day' and extract(day from width) = 0 then
    return floor_at + width;
  end if;
  return silver.bucket_start(width, zone, origin, silver.bucket_index(width, zone, origin, ts) + 1);
end
$$;
