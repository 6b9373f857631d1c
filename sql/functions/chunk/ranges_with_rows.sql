-- silver.ranges_with_rows(rollup_id, range): the days (UTC) within the range that hold source rows, merged. Reads the range;
-- used when a chunk found rows where it has no partition. Stable; locks ACCESS SHARE on the source.
create or replace function silver.ranges_with_rows(rollup_id integer, range tstzrange)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  src silver.timeseries_tracked_source;
  time_type regtype;
  result tstzmultirange;
begin
  select s.* into strict src from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id where r.rollup_id = ranges_with_rows.rollup_id;
  select a.atttypid into strict time_type from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  execute format(
    'select range_agg(tstzrange(d, d + interval ''24 hours'') * $3) from (select distinct date_bin(''1 day'', %s, timestamptz ''2000-01-03 00:00Z'') as d from %s s where %s) as days',
    silver.time_expression('s.', src.time_column, time_type, src.time_zone), src.source_table,
    silver.time_predicate('s.', src.time_column, time_type, src.time_zone, '$1', '$2'))
    into result using lower(range), upper(range), range;
  return coalesce(result, '{}');
end
$$;
