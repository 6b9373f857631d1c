-- silver.time_bucket(bucket_width, ts, time_zone, origin): the start of the bucket that holds the instant, for people and for SQL of
-- their own. bucket_width: whole months, or days and time, from microseconds up. time_zone: where buckets of days and months begin at
-- local midnight (default UTC). origin: an instant at which a bucket begins (default: Monday 2000-01-03, for months 2000-01-01, in the zone).
-- Infinite instants are returned as they are; null gives null. Always the same as silver.bucket_floor, in one expression that PostgreSQL
-- inlines: with constant width and zone only the branch that applies is left of it. The session's zone and styles play no part.
-- Where a zone turns its clock back over midnight, local time runs twice through the end of a day; its midnight is the second one, so
-- an instant whose local bucket begins after it is in the bucket before.
-- Errors: 22023 for a width that is zero, negative, infinite, or mixes months with days, and for an unknown zone; 22008 out of range.
-- Immutable, parallel safe; takes no locks.
create or replace function silver.time_bucket(
  bucket_width interval, ts timestamptz, time_zone text default 'UTC', origin timestamptz default null)
returns timestamptz
language sql immutable parallel safe
return case
  -- A width that silver.bucket_kind refuses.
  when not isfinite(bucket_width) or bucket_width <= interval '0'
    or extract(year from bucket_width) * 12 + extract(month from bucket_width) < 0
    or (extract(year from bucket_width) * 12 + extract(month from bucket_width) > 0
      and extract(epoch from bucket_width - make_interval(years => extract(year from bucket_width)::integer,
        months => extract(month from bucket_width)::integer)) <> 0)
  then silver.bucket_floor(bucket_width, time_zone, silver.bucket_origin(bucket_width, time_zone), ts)
  when extract(year from bucket_width) = 0 and extract(month from bucket_width) = 0
    and (time_zone = 'UTC' or extract(epoch from bucket_width) % 86400 <> 0)
  then date_bin(bucket_width, ts, coalesce(origin, silver.bucket_origin(bucket_width, time_zone)))
  when not isfinite(ts) then ts
  when time_zone = 'UTC'
  then silver.local_bucket(bucket_width, ts at time zone time_zone,
    coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone) at time zone time_zone
  when silver.local_bucket(bucket_width, ts at time zone time_zone,
      coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone) at time zone time_zone <= ts
  then silver.local_bucket(bucket_width, ts at time zone time_zone,
      coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone) at time zone time_zone
  -- One bucket earlier; by way of the first of the month, for a month after the 31st is no 31st.
  else (silver.local_bucket(bucket_width, ts at time zone time_zone,
      coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone)
    - (coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone
      - date_trunc('month', coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone))
    - bucket_width
    + (coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone
      - date_trunc('month', coalesce(origin, silver.bucket_origin(bucket_width, time_zone)) at time zone time_zone)))
    at time zone time_zone
end;
