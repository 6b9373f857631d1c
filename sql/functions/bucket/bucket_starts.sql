-- silver.bucket_starts(lo, hi, width, zone, origin): the starts of the buckets within [lo, hi), ascending; both bounds are
-- bucket boundaries. The stored statements find a row's calendar bucket in it with width_bucket(): exact in any
-- zone, and without zone arithmetic per row. Immutable; takes no locks.
create or replace function silver.bucket_starts(
  lo timestamptz, hi timestamptz, width interval, zone text, origin timestamptz)
returns timestamptz[]
language sql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select array_agg(silver.bucket_start(width, zone, origin, i) order by i)
  from generate_series(
    silver.bucket_index(width, zone, origin, lo),
    silver.bucket_index(width, zone, origin, hi) - 1) as i
$$;
