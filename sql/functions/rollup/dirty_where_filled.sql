-- silver.dirty_where_filled(rollup_id, metrics, began): makes dirty the covered buckets from `began` on in which a row of the source has a value of
-- one of the metrics. Looks through that part of the source, by bins of its log_unit. The caller holds the progress row.
-- Locks: the progress row; ACCESS SHARE on the source.
create or replace function silver.dirty_where_filled(rollup_id integer, metrics name[], began timestamptz)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  has_value text;
  touched tstzmultirange;
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = dirty_where_filled.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  -- A parent's counts are never null; its other columns say whether there was a value.
  select string_agg(distinct format('s.%I is not null', c.input_column), ' or ') into has_value
  from silver.timeseries_rollup_column c
  where c.rollup_id = r.rollup_id and c.metric = any (metrics) and c.input_column is not null and (src.kind <> 'derived' or c.role <> 'count');
  if has_value is null then
    return;
  end if;
  execute format(
    'select range_agg(tstzrange(bin, bin + $1)) from (select distinct date_bin($1, %s, timestamptz ''2000-01-03 00:00Z'') as bin from %s as s where (%s) and %s) as bins',
    silver.source_instant(r.rollup_id), src.source_table, has_value, silver.source_predicate(r.rollup_id, '$2', '$3'))
    into touched using src.log_unit, began, timestamptz '9999-12-31 00:00Z';
  touched := silver.widen_to_buckets(silver.coalesce_ranges(coalesce(touched, '{}'), 10000) * tstzmultirange(tstzrange(began, null)),
    r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  update silver.timeseries_progress p set dirty = p.dirty + p.covered * touched, precise = p.precise - touched
  where p.rollup_id = r.rollup_id;
end
$$;
