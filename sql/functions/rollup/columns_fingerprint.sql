-- silver.columns_fingerprint(rollup_id): a number that changes whenever something does that silver.shape_of or silver.added_columns look at: names
-- of tables, columns and their types, from the rollup up to its root, and what Silver notes of them. It changes for more than matters, so
-- another number only means that those two must be asked. A few index-served reads, where they took 3 ms. Stable; takes no locks.
create or replace function silver.columns_fingerprint(rollup_id integer)
returns bigint
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  level integer := rollup_id;
  r record;
  columns bigint;
  kept bigint;
  result bigint := 0;
begin
  loop
    select c.source_table, c.target_table, s.source_table as table_read, c.excluded_columns, s.time_column, s.kind into r
    from silver.timeseries_rollup_config c join silver.timeseries_tracked_source s on s.source_id = c.source_id
    where c.rollup_id = level;
    exit when not found;
    select bit_xor(hash_record_extended(row(a.attrelid = r.table_read, a.attnum, a.attname, a.attisdropped, a.attnotnull, a.attcollation,
      format_type(a.atttypid, a.atttypmod)), 1))
    into columns
    from pg_catalog.pg_attribute a where a.attrelid in (r.source_table, r.table_read) and a.attnum > 0;
    select bit_xor(hash_record_extended(row(c.position, c.column_name, c.role, c.metric, c.input_column, c.input_number, c.nullable), 2))
    into kept
    from silver.timeseries_rollup_column c where c.rollup_id = level;
    result := hash_record_extended(row(result, columns, kept, r.source_table::text, r.target_table::text, r.table_read::text,
      r.excluded_columns, r.time_column, r.kind), 3);
    select c.rollup_id into level from silver.timeseries_rollup_config c where c.target_table = r.source_table;
    exit when not found;
  end loop;
  return result;
end
$$;
