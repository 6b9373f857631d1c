-- silver.size_window(...): how many buckets the next chunk should hold so that it takes about the target duration: a step from the
-- window in force towards what recent chunks say, at most twofold up and tenfold down, at most 10,000,000 source rows and 1,000,000
-- buckets, at least one. The small shadow of sizeWindow in @silver/shared, for calls without a scheduler.
--   window_buckets   the window in force; null: never sized; then the first chunk reads about 200,000 rows, by `density`
--   density          estimated source rows per bucket; null: unknown, then 16 buckets
--   pressure         see silver.database_pressure
-- Immutable; takes no locks.
create or replace function silver.size_window(
  window_buckets bigint, target_ms double precision, avg_ms double precision, avg_rows double precision,
  avg_buckets double precision, density double precision, pressure double precision)
returns bigint
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select floor(greatest(1, least(1000000, case
    when avg_ms is null then base
    -- Empty chunks say nothing about speed, only that the next may be longer.
    when avg_rows < 1 then least(base * 2, greatest(base, avg_buckets * 2))
    else least(
      greatest(base * 0.1, least(base * 2, target_ms * avg_buckets * pressure / greatest(avg_ms, 0.01))),
      10000000 * avg_buckets / avg_rows) end)))::bigint
  from (select coalesce(window_buckets::double precision, 200000 * pressure / nullif(density, 0), 16) as base) as b
$$;
