-- silver.source_columns(source, parent_id, known_id): the columns of a table as a rollup of it sees them, dropped ones left out.
--   known_as  the name by which the rollup known_id knows the column: for its name was another when that was declared. A column goes by the
--             name it has; one whose name is gone is found by its number. parent_id: the rollup whose target the table is, or null.
-- Stable; takes no locks.
create or replace function silver.source_columns(source regclass, parent_id integer, known_id integer)
returns table (number smallint, column_name name, known_as name, type oid, typmod integer, not_null boolean, collation_oid oid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with present as (
    select a.* from pg_catalog.pg_attribute a where a.attrelid = source and a.attnum > 0 and not a.attisdropped
  ), known as (
    select distinct on (c.metric) c.metric, c.input_column, c.input_number
    from silver.timeseries_rollup_column c
    where c.rollup_id = known_id and c.input_column is not null and c.role not in ('time', 'row_count') and (parent_id is null or c.role = 'dimension')
    order by c.metric, c.position
  )
  select a.attnum, a.attname, coalesce(
      (select k.metric from known k where k.input_column = a.attname),
      (select k.metric from known k where k.input_number = a.attnum and not exists (select from present p where p.attname = k.input_column)),
      a.attname),
    a.atttypid, a.atttypmod, a.attnotnull, a.attcollation
  from present a
$$;
