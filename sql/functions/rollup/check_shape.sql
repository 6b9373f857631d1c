-- silver.check_shape(rollup, shape): whether the rollup's source is still as it was when its statements were compiled (shape: silver.shape_of, then).
-- A WARNING where a column came to it that the rollup does not keep. Errors: 55000 where a column it reads is another now, or a table was renamed.
-- Stable; takes no locks.
create or replace function silver.check_shape(rollup silver.timeseries_rollup_config, shape text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  added text;
begin
  if silver.shape_of(rollup.rollup_id) <> shape then
    raise exception 'the source of % changed shape: a column it reads was dropped, renamed or retyped, or a table was renamed', rollup.target_table
      using errcode = '55000', hint = format('SELECT * FROM silver.sync_rollup(%L); follows the source, and says what changed.'
        ' SELECT * FROM silver.validate_rollup_config(); says which column it is.', rollup.target_table::text);
  end if;
  added := (select string_agg(quote_ident(a), ', ') from silver.added_columns(rollup.rollup_id) a);
  if added is not null then
    raise warning '% does not keep %, which came to its source', rollup.target_table, added
      using hint = format('SELECT * FROM silver.sync_rollup(%L); keeps it, sync_rollup(%1$L, exclude => …) leaves it out.', rollup.target_table::text);
  end if;
end
$$;
