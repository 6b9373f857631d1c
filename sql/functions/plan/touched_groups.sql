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
  unnested text;
  bins timestamptz[];
  widths interval[];
  keys jsonb[];
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
  -- An entry holds an array for each of its columns, of which the rollup's may be some, in another order. It may name a group more than once.
  select string_agg(format(
    'select distinct u.bin, e.bin_width, jsonb_build_array(%s) as group_key
     from unnest($1) e cross join unnest(e.bins, e.keys) as u (bin, logged) cross join rows from (%s) as k (%s)
     where e.key_columns = %L::smallint[]', d.outputs, d.inputs, d.outputs, k.columns), ' union all ')
  into strict unnested
  from (select distinct e.key_columns as columns from unnest(entries) e) as k
  cross join lateral (
    select string_agg(format('jsonb_array_elements(u.logged -> %s)', array_position(k.columns, n.number) - 1), ', ' order by n.place) as inputs,
      string_agg('k' || n.place, ', ' order by n.place) as outputs
    from unnest(key) with ordinality as n (number, place)) as d;
  execute format('select array_agg(t.bin), array_agg(t.bin_width), array_agg(t.group_key) from (%s) as t', unnested)
  into bins, widths, keys using entries;
  return query
  with touched as materialized (
    select t.bin, t.bin_width, t.group_key from unnest(bins, widths, keys) as t (bin, bin_width, group_key)
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
