-- silver.check_columns(source, parent_id, time_column, dimensions, exclude, first_last): refuses lists of columns that cannot be meant.
-- Errors: 42703 for a name that is not there; 22004 for a null among them; 22023 for a dimension that is the time column, is excluded or
-- has a type that cannot be grouped by, and for a first_last column that is no metric. Each names the argument and the remedy.
-- Stable; takes no locks.
create or replace function silver.check_columns(
  source regclass, parent_id integer, time_column name, dimensions name[], exclude name[], first_last name[])
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  bad record;
begin
  for bad in
    select l.argument, l.name, a.attname, a.atttypid,
      case
        when l.name is null then 'null'
        when a.attname is null and (l.argument = 'dimensions' or not exists (
          select from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.metric = l.name)) then 'missing'
        when l.name = time_column and l.argument <> 'exclude' then 'time'
        when l.argument = 'dimensions' and l.name = any (exclude) then 'excluded'
        when l.argument = 'dimensions' and not silver.has_equality(a.atttypid) then 'ungroupable'
        when l.argument = 'dimensions' and parent_id is not null and not exists (
          select from silver.timeseries_rollup_column c
          where c.rollup_id = parent_id and c.role = 'dimension' and c.column_name = l.name) then 'measured'
        when l.argument <> 'dimensions' and parent_id is not null and not exists (
          select from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.metric = l.name and c.role <> 'dimension')
          then 'derived'
        when l.argument = 'first_last' and (l.name = any (dimensions) or l.name = any (exclude)) then 'left out'
      end as fault
    from (
      select 'dimensions' as argument, d as name from unnest(dimensions) as d
      union all select 'exclude', e from unnest(exclude) as e
      union all select 'first_last', f from unnest(first_last) as f
    ) as l
    left join pg_catalog.pg_attribute a on a.attrelid = source and a.attname = l.name and a.attnum > 0 and not a.attisdropped
  loop
    case bad.fault
      when 'null' then
        raise exception '%: a column name is null', bad.argument using errcode = '22004', hint = 'Leave it out.';
      when 'missing' then
        raise exception '%: % has no column %', bad.argument, source, quote_ident(bad.name)
          using errcode = '42703', hint = 'Name columns as they are stored, without quotes.';
      when 'time' then
        raise exception '%: % is the time column', bad.argument, quote_ident(bad.name)
          using errcode = '22023', hint = 'The time is always a key of its own; leave it out.';
      when 'excluded' then
        raise exception 'exclude: % is a dimension', quote_ident(bad.name)
          using errcode = '22023', hint = 'Leave it out of one of the two lists.';
      when 'ungroupable' then
        raise exception 'dimensions: % is of type %, which cannot be grouped by', quote_ident(bad.name), format_type(bad.atttypid, null)
          using errcode = '22023', hint = 'Group by an expression of it in a generated column.';
      when 'measured' then
        raise exception 'dimensions: % of % is not one of its dimensions', quote_ident(bad.name), source
          using errcode = '22023', hint = 'A rollup of a rollup can only group by dimensions of its parent; give the parent that dimension.';
      when 'derived' then
        raise exception '%: % of % is no metric', bad.argument, quote_ident(bad.name), source
          using errcode = '22023', hint = 'Name the column of the raw source that it was computed from.';
      when 'left out' then
        raise exception 'first_last: % is a dimension or excluded', quote_ident(bad.name)
          using errcode = '22023', hint = 'Leave it out of one of the lists.';
      else null;
    end case;
  end loop;
end
$$;
