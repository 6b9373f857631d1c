-- silver.partial_expression(col): SQL that computes of source rows `s` what a row of the parts (silver.stacked_select) holds under the name of a target
-- column: the column's own aggregate; for a boolean's most frequent value and counts, the count of false and that of true.
-- Null for a column that is not carried by the parts. Stable; takes no locks.
create or replace function silver.partial_expression(col silver.timeseries_rollup_column)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select case
    when (col).role in ('time', 'dimension', 'avg', 'array', 'retired') then null
    when (col).role not in ('mode', 'values') then silver.aggregate_expression(col, 'raw')
    when (silver.sibling_column(col, 'mode')).column_type <> 'boolean' then null
    else format(case (col).role when 'mode' then 'count(*) filter (where not s.%I)' else 'count(*) filter (where s.%I)' end,
      (silver.sibling_column(col, 'mode')).input_column) end
$$;
