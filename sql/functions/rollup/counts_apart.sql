-- silver.counts_apart(rollup_id): the columns of the target that hold a most frequent value with its counts stored beside it, to be counted
-- value by value. Not those of booleans, which two counts tell, nor those without counts. Stable; takes no locks.
create or replace function silver.counts_apart(rollup_id integer)
returns setof silver.timeseries_rollup_column
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select c.*
  from silver.timeseries_rollup_column c
  where c.rollup_id = counts_apart.rollup_id and c.role = 'mode' and c.column_type <> 'boolean'
    and (silver.sibling_column(c, 'values')).position is not null
  order by c.position
$$;
