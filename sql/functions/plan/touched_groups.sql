-- silver.touched_groups(rollup_id, key, entries): the groups of a rollup that entries of its source's log say were touched: for each its bucket and its
-- dimensions. key: silver.group_key of the rollup, all of it among the entries' key_columns. A bin that lies in several buckets gives a group in each.
-- Stable; takes no locks.
create or replace function silver.touched_groups(rollup_id integer, key smallint[], entries silver.timeseries_invalidation_log[])
returns table (bucket tstzrange, group_key jsonb)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set jit = off
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  width interval;
  starts timestamptz[];
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = touched_groups.rollup_id;
  if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) = 'fixed' then
    width := make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision);
  else
    select silver.bucket_starts(
      silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, min(u.bin)),
      silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, max(u.bin + e.bin_width)),
      r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
    into strict starts
    from unnest(entries) e cross join unnest(e.bins) as u (bin);
    starts := starts || silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, starts[cardinality(starts)] + interval '1 microsecond');
  end if;
  return query
  with place as (
    -- Where the rollup's dimensions stand among those that were logged.
    select k.columns, array_agg(array_position(k.columns, d.number) - 1 order by d.place) as places
    from (select distinct e.key_columns as columns from unnest(entries) e) as k
    cross join unnest(key) with ordinality as d (number, place)
    group by k.columns
  ), touched as materialized (
    select distinct u.bin, e.bin_width, case when e.key_columns = key then u.logged else (
        select jsonb_agg(u.logged -> p order by o) from unnest(place.places) with ordinality as x (p, o)) end as group_key
    from unnest(entries) e
    join place on place.columns = e.key_columns
    cross join unnest(e.bins, e.keys) as u (bin, logged)
  ), bin as materialized (
    select distinct t.bin, t.bin_width from touched t
  ), lies as materialized (
    select b.bin, b.bin_width, tstzrange(f, f + width) as bucket
    from bin b
    cross join generate_series(date_bin(width, b.bin, r.bucket_origin), date_bin(width, b.bin + b.bin_width - interval '1 microsecond', r.bucket_origin), width) as f
    where width is not null
    union all
    select b.bin, b.bin_width, tstzrange(starts[i], starts[i + 1])
    from bin b
    cross join generate_series(width_bucket(b.bin, starts), width_bucket(b.bin + b.bin_width - interval '1 microsecond', starts)) as i
    where width is null
  )
  select distinct l.bucket, t.group_key from touched t join lies l on l.bin = t.bin and l.bin_width = t.bin_width;
end
$$;
