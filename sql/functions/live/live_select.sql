-- silver.live_select(rollup_id): the SELECT of silver_live.live_<id>: the target's columns computed from the source's rows within
-- [from_at, to_at). Like silver.group_select, but for any range, open ones too, so that a calendar bucket is found by
-- silver.time_bucket; and a child reads its parent's live view. Stable; takes no locks.
create or replace function silver.live_select(rollup_id integer)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  time_type regtype;
  instant text;
  bucket text;
  items text;
  keys text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = live_select.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select a.atttypid into strict time_type from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  instant := silver.time_expression('s.', src.time_column, time_type, src.time_zone);
  bucket := case when silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) = 'fixed'
    then format('date_bin(interval %L, %s, timestamptz %L)',
      make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision), instant, r.bucket_origin)
    else format('silver.time_bucket(interval %L, %s, %L, timestamptz %L)',
      r.rollup_table_interval, instant, r.bucket_time_zone, r.bucket_origin) end;
  select string_agg(format('(%s)::%s as %I',
      case c.role
        when 'time' then bucket
        when 'dimension' then format('s.%I', c.input_column)
        else silver.aggregate_expression(c.rollup_id, c.role, c.metric) end,
      c.column_type, c.column_name), ', ' order by c.position),
    string_agg(c.position::text, ', ' order by c.position) filter (where c.role in ('time', 'dimension'))
  into items, keys
  from silver.timeseries_rollup_column c where c.rollup_id = live_select.rollup_id;
  return format('select %s from %s as s where %s group by %s', items,
    case when src.kind = 'derived' then silver.live_name(src.source_table) else src.source_table::text end,
    silver.time_predicate('s.', src.time_column, time_type, src.time_zone, 'from_at', 'to_at'), keys);
end
$$;
