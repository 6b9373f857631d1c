-- silver.check_columns(rollup_id): findings about the columns of a rollup, for silver.validate_rollup_config. Stable; takes no locks.
create or replace function silver.check_columns(rollup_id integer)
returns table (severity text, code text, message text, remedy text)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  sync text;
  stored text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = check_columns.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  if not exists (select from pg_catalog.pg_class k where k.oid = r.target_table)
    or not exists (select from pg_catalog.pg_class k where k.oid = src.source_table)
  then
    return; -- silver.check_tables says so.
  end if;
  sync := format('SELECT * FROM silver.sync_rollup(%L);', r.target_table::text);

  return query
  select 'error', 'source_column_missing', format('%s has no column %I any more, which %I is computed from', src.source_table, c.input_column, c.column_name), sync
  from silver.timeseries_rollup_column c
  where c.rollup_id = r.rollup_id and c.input_column is not null
    and not exists (
      select from pg_catalog.pg_attribute a
      where a.attrelid = src.source_table and a.attname = c.input_column and a.attnum > 0 and not a.attisdropped);

  return query
  select 'error', 'target_column_changed',
    case when a.attname is null then format('%s has no column %I any more', r.target_table, c.column_name)
      else format('%I of %s is %s, not %s as created', c.column_name, r.target_table, format_type(a.atttypid, a.atttypmod), c.column_type) end,
    case when c.role = 'retired' then sync
      else format('Restore the column, or SELECT silver.drop_rollup(%L); and create it again.', r.target_table::text) end
  from silver.timeseries_rollup_column c
  left join pg_catalog.pg_attribute a
    on a.attrelid = r.target_table and a.attname = c.column_name and a.attnum > 0 and not a.attisdropped
  where c.rollup_id = r.rollup_id
    and (a.attname is null or format_type(a.atttypid, a.atttypmod) <> c.column_type);

  -- A source column widened since: a value that fits there may not fit here, or loses digits.
  return query
  select 'error', 'column_narrowed', format('%I of %s is %s; %I of the source has become %s', c.column_name, r.target_table,
    c.column_type, c.input_column, format_type(a.atttypid, a.atttypmod)), sync
  from silver.timeseries_rollup_column c
  join pg_catalog.pg_attribute a on a.attrelid = src.source_table and a.attname = c.input_column and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where c.rollup_id = r.rollup_id and c.role in ('dimension', 'min', 'max', 'first', 'last', 'mode')
    and c.column_type <> format_type(a.atttypid, a.atttypmod)
    and c.column_type <> format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid),
      case when t.typbasetype <> 0 then t.typtypmod else a.atttypmod end);

  select s.shape into stored from silver.timeseries_rollup_statement s where s.rollup_id = r.rollup_id;
  if stored is null then
    return query select 'error', 'not_compiled', format('%s has no stored statements', r.target_table),
      format('SELECT silver.compile_rollup(%s);', r.rollup_id);
  elsif stored <> silver.shape_of(r.rollup_id) then
    return query select 'error', 'source_changed', format('%s, or columns of it that %s reads, have changed since it was compiled; its chunks fail', src.source_table, r.target_table), sync;
  end if;
  return query
  select 'warning', 'column_added', format('%s has come to %s, and %s does not keep it', string_agg(quote_ident(a), ', '), r.source_table, r.target_table),
    format('SELECT * FROM silver.sync_rollup(%L); or, to leave it out, SELECT * FROM silver.sync_rollup(%1$L, exclude => ARRAY[%s]);',
      r.target_table::text, string_agg(quote_literal(a), ', '))
  from silver.added_columns(r.rollup_id) a having count(*) > 0;
end
$$;
