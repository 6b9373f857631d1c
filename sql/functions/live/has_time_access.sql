-- silver.has_time_access(source_id): whether the rows of one bucket can be found without reading the whole table: a
-- btree index leads with the time column. A derived source always has one, its key. Stable; takes no locks.
create or replace function silver.has_time_access(source_id integer)
returns boolean
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select s.kind = 'derived' or exists (
    select
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
    where a.attrelid = s.source_table and a.attname = s.time_column and not a.attisdropped)
  from silver.timeseries_tracked_source s where s.source_id = has_time_access.source_id
$$;
