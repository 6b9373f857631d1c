-- silver.count_buckets(ranges, rollup_id): how many buckets of a rollup the ranges are, which are whole buckets and finite.
-- Errors: those of silver.bucket_numbers. Stable; takes no locks.
create or replace function silver.count_buckets(ranges tstzmultirange, rollup_id integer)
returns bigint
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(sum(upper(n) - lower(n)), 0)::bigint
  from silver.timeseries_rollup_config r
  cross join lateral unnest(silver.bucket_numbers(ranges, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n
  where r.rollup_id = count_buckets.rollup_id
$$;
