-- silver.source_keys(source_id): the columns of a source by which its rollups group, of those whose groups can be told one by one (silver.group_key):
-- what the tracking triggers log of a late row beside its bin. Stable; takes no locks.
create or replace function silver.source_keys(source_id integer)
returns table (number smallint, column_name name, type oid)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select a.attnum, a.attname, a.atttypid
  from silver.timeseries_tracked_source s
  join pg_catalog.pg_attribute a on a.attrelid = s.source_table and not a.attisdropped
  where s.source_id = source_keys.source_id and a.attnum in (
    select unnest(silver.group_key(r.rollup_id)) from silver.timeseries_rollup_config r
    where r.source_id = s.source_id and r.late_precision <> 'buckets')
  order by a.attnum
$$;
