-- silver.shape_of(rollup_id): fingerprint of the columns the rollup reads, as the table has them now: name, type, null
-- allowed. Compared with the one stored by silver.compile_rollup before a chunk writes. A column that is gone changes
-- it too. Stable; takes no locks.
create or replace function silver.shape_of(rollup_id integer)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select md5(coalesce(string_agg(
    format('%I %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull), ',' order by a.attname), ''))
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  join pg_catalog.pg_attribute a on a.attrelid = s.source_table and a.attnum > 0 and not a.attisdropped
  where r.rollup_id = shape_of.rollup_id
    and (a.attname = s.time_column or a.attname in (
      select c.input_column from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id))
$$;
