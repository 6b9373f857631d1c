-- silver.retype_column(rollup_id, col, new_type): gives a column of the target another type; its values are cast, or by way of text where there
-- is no cast. Its live view, which stands in the way, is dropped: the caller compiles it anew.
-- Errors: 55000 where a value cannot become the new type, with the remedy; 2BP01 where something depends on the live view.
-- Locks: ACCESS EXCLUSIVE on the target, which is written anew.
create or replace function silver.retype_column(rollup_id integer, col silver.timeseries_rollup_column, new_type text)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = retype_column.rollup_id;
  execute format('drop view if exists %s', silver.live_name(r.target_table));
  begin
    begin
      execute format('alter table %1$s alter column %2$I type %3$s using %2$I::%3$s', r.target_table, col.column_name, new_type);
    exception when cannot_coerce then
      execute format('alter table %1$s alter column %2$I type %3$s using %2$I::text::%3$s', r.target_table, col.column_name, new_type);
    end;
  exception when data_exception or integrity_constraint_violation or datatype_mismatch or cannot_coerce then
    raise exception 'column % of %, a %, cannot become a %: %', quote_ident(col.column_name), r.target_table, col.column_type, new_type, sqlerrm
      using errcode = '55000', hint = format('SELECT silver.drop_rollup(%L); and create it again under another name.', r.target_table::text);
  end;
end
$$;
