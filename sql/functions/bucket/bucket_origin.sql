-- silver.bucket_origin(width, zone): where buckets are counted from when nobody says otherwise.
-- Monday 2000-01-03, so that weeks begin on Monday; 2000-01-01 for months; at local midnight of the zone.
-- Returns an instant. Immutable; takes no locks.
create or replace function silver.bucket_origin(width interval, zone text)
returns timestamptz
language sql immutable parallel safe strict
return (case when extract(year from width) <> 0 or extract(month from width) <> 0
  then timestamp '2000-01-01' else timestamp '2000-01-03' end) at time zone zone;
