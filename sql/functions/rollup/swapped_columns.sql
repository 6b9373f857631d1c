-- silver.swapped_columns(rollup_id, desired): the metrics whose source columns changed places: their order by name is not the order they had
-- by number. Two columns that exchanged their names look like that; a dump and restore, which numbers anew, does not. Stable; takes no locks.
create or replace function silver.swapped_columns(rollup_id integer, desired silver.timeseries_rollup_column[])
returns name[]
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with input as (
    select distinct on (d.input_column) d.metric, d.input_number as now_number, c.input_number as known_number
    from unnest(desired) d
    join silver.timeseries_rollup_column c
      on c.rollup_id = swapped_columns.rollup_id and c.column_name = d.column_name and c.input_column = d.input_column
    where d.metric is not null and c.input_number is not null
    order by d.input_column
  ), placed as (
    select i.metric, row_number() over (order by i.now_number) as now_place, row_number() over (order by i.known_number) as known_place from input i
  )
  select coalesce(array_agg(p.metric), '{}') from placed p where p.now_place <> p.known_place
$$;
