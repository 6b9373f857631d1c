-- silver.bucket_expression(rollup_id, instant, listed): SQL for the start of the bucket that holds an instant (SQL of type timestamptz).
-- A bare date_bin() where buckets are of fixed length: it is the fastest PostgreSQL has. Where they follow a calendar they are looked up
-- among the bucket starts $3, exact in any zone and without zone arithmetic per row; with `listed` false, where no such list is at
-- hand, silver.time_bucket finds them. Stable; takes no locks.
create or replace function silver.bucket_expression(rollup_id integer, instant text, listed boolean)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
as $$
  select case
    when silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) = 'fixed'
      then format('date_bin(interval %L, %s, timestamptz %L)',
        make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision), instant, r.bucket_origin)
    when listed
      then format('($3::timestamptz[])[width_bucket(%s, $3::timestamptz[])]', instant)
    else format('silver.time_bucket(interval %L, %s, %L, timestamptz %L)',
        r.rollup_table_interval, instant, r.bucket_time_zone, r.bucket_origin) end
  from silver.timeseries_rollup_config r where r.rollup_id = bucket_expression.rollup_id
$$;
