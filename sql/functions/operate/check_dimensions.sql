-- silver.check_dimensions(): findings about silver.timeseries_dimension_config, for silver.validate_rollup_config: rows that name no table or column, and
-- rollups that group otherwise than the active rows now say. Stable; takes no locks.
create or replace function silver.check_dimensions()
returns table (severity text, code text, message text, remedy text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select 'error', 'dimension_missing',
    case when k.oid is null then format('timeseries_dimension_config names a table that is gone: %s', d.source_table)
      else format('timeseries_dimension_config names a column that %s does not have: %I', d.source_table, d.dimension_column) end,
    format('DELETE FROM silver.timeseries_dimension_config WHERE source_table = %s::oid AND dimension_column = %L;', d.source_table::oid, d.dimension_column)
  from silver.timeseries_dimension_config d
  left join pg_catalog.pg_class k on k.oid = d.source_table
  where k.oid is null or (d.is_active and not exists (
    select from pg_catalog.pg_attribute a
    where a.attrelid = d.source_table and a.attname = d.dimension_column and a.attnum > 0 and not a.attisdropped))
  union all
  select 'info', 'dimensions_differ',
    format('%s groups by %s; timeseries_dimension_config now says %s', r.target_table, coalesce(has.names::text, '{}'), says.names),
    'Rollups keep the dimensions they were created with: drop and create it again to change them.'
  from silver.timeseries_rollup_config r
  cross join lateral (
    select array_agg(c.column_name order by c.column_name) as names
    from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id and c.role = 'dimension') as has
  cross join lateral (
    select array_agg(d.dimension_column order by d.dimension_column) as names
    from silver.timeseries_dimension_config d where d.source_table = r.source_table and d.is_active) as says
  where says.names is distinct from has.names and says.names is not null and not r.created_with ? 'dimensions'
$$;
