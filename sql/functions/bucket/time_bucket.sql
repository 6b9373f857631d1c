-- silver.time_bucket(bucket_width, ts, time_zone, origin): the start of the bucket that holds the instant, for people and for SQL of
-- their own. bucket_width: whole months, or days and time, from microseconds up. time_zone: where buckets of days and months begin at
-- local midnight (default UTC). origin: an instant at which a bucket begins (default: Monday 2000-01-03, for months 2000-01-01, in the zone).
-- Infinite instants are returned as they are; null gives null. The same as silver.bucket_floor, in one expression that PostgreSQL
-- inlines: with constant width and zone only the branch that applies is left of it. The session's zone plays no part.
-- Where a zone turns its clock back over midnight, local time runs twice through the end of a day: a bucket that would begin
-- after its instant is the one before.
-- Errors: 22008 for a width of zero or less, 22023 for an unknown zone; mixed months and days are refused by date_bin (0A000).
-- Immutable, parallel safe; takes no locks.
create or replace function silver.time_bucket(
  bucket_width interval, ts timestamptz, time_zone text default 'UTC', origin timestamptz default null)
returns timestamptz
language sql immutable parallel safe
return case
  when not isfinite(ts) then ts
  when extract(year from bucket_width) * 12 + extract(month from bucket_width) = 0
    and (time_zone = 'UTC' or extract(epoch from bucket_width) % 86400 <> 0)
  then date_bin(
    make_interval(secs => extract(epoch from bucket_width)::double precision), ts,
    coalesce(origin, timestamp '2000-01-03' at time zone time_zone))
  else silver.calendar_bucket(bucket_width, ts, time_zone,
    coalesce(origin, silver.bucket_origin(bucket_width, time_zone)))
end;
