-- silver.source_change(rollup_id): how a rollup's source differs from the one its statements were compiled for, in words for silver.timeseries_operations_monitor;
-- null where it does not. What makes its chunks fail until silver.sync_rollup (silver.shape_of) comes first, then what stops nothing and is not kept
-- (silver.added_columns). silver.validate_rollup_config says which column it is. Stable; takes no locks.
create or replace function silver.source_change(rollup_id integer)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return nullif(concat_ws('; ',
    case when silver.shape_of(rollup_id) <> (select s.shape from silver.timeseries_rollup_statement s where s.rollup_id = source_change.rollup_id)
      then 'a column it reads was dropped, renamed or retyped, or a table was renamed: its chunks fail until silver.sync_rollup' end,
    (select format('not kept until silver.sync_rollup: %s', string_agg(quote_ident(a), ', ')) from silver.added_columns(rollup_id) a having count(*) > 0)), '');
end
$$;
