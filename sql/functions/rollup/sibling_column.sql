-- silver.sibling_column(col, role): the column of the same target and metric that has another role. Stable; takes no locks.
create or replace function silver.sibling_column(col silver.timeseries_rollup_column, role text)
returns silver.timeseries_rollup_column
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select c from silver.timeseries_rollup_column c
  where c.rollup_id = (col).rollup_id and c.metric = (col).metric and c.role = sibling_column.role
$$;
