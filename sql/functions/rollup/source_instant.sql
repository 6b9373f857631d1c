-- silver.source_instant(rollup_id): SQL for the instant of a row `s` of the table the rollup reads. Stable; takes no locks.
create or replace function silver.source_instant(rollup_id integer)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select silver.time_expression('s.', s.time_column, a.atttypid, s.time_zone)
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  join pg_catalog.pg_attribute a on a.attrelid = s.source_table and a.attname = s.time_column and not a.attisdropped
  where r.rollup_id = source_instant.rollup_id
$$;
