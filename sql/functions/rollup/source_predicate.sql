-- silver.source_predicate(rollup_id, lo, hi): SQL that is true for rows `s` of the table the rollup reads whose instant is in [lo, hi),
-- SQL of type timestamptz. Stable; takes no locks.
create or replace function silver.source_predicate(rollup_id integer, lo text, hi text)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select silver.time_predicate('s.', s.time_column, a.atttypid, s.time_zone, lo, hi)
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  join pg_catalog.pg_attribute a on a.attrelid = s.source_table and a.attname = s.time_column and not a.attisdropped
  where r.rollup_id = source_predicate.rollup_id
$$;
