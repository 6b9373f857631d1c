-- silver.check_column_lists(source, parent_id, time_column, dimensions, exclude, first_last, known_id): refuses lists of columns that cannot be meant.
-- known_id: a rollup of that source; a column renamed since goes by the name it has there.
-- Errors: 42703 for a name that is not there; 22004 for a null among them; 42701 for a dimension named twice; 22023 for a dimension that is the
-- time column, is excluded or has a type that cannot be grouped by, and for a first_last column that is no metric or of which a parent keeps no
-- first and last. Each names the argument and the remedy. Stable; takes no locks.
create or replace function silver.check_column_lists(
  source regclass, parent_id integer, time_column name, dimensions text[], exclude text[], first_last text[], known_id integer default null)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  bad record;
begin
  for bad in
    select l.argument, l.name, a.column_name, a.type,
      case
        when l.name is null then 'null'
        when a.column_name is null and (l.argument = 'dimensions' or not exists (
          select from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.metric = l.name)) then 'missing'
        when l.argument = 'dimensions' and l.place > 1 then 'twice'
        when a.column_name = time_column and l.argument <> 'exclude' then 'time'
        when l.argument = 'dimensions' and l.name = any (exclude) then 'excluded'
        when l.argument = 'dimensions' and not silver.has_equality(a.type) then 'ungroupable'
        when l.argument = 'dimensions' and parent_id is not null and not exists (
          select from silver.timeseries_rollup_column c
          where c.rollup_id = parent_id and c.role = 'dimension' and c.column_name = l.name) then 'measured'
        when l.argument <> 'dimensions' and parent_id is not null and not exists (
          select from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.metric = l.name and c.role <> 'dimension')
          then 'derived'
        when l.argument = 'first_last' and (l.name = any (dimensions) or l.name = any (exclude)) then 'left out'
        when l.argument = 'first_last' and parent_id is not null and not exists (
          select from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.metric = l.name and c.role = 'first') then 'not kept'
        when l.argument = 'first_last' and parent_id is null and silver.metric_kind(a.type) is null then 'unordered'
      end as fault
    from (
      select 'dimensions' as argument, d as name, row_number() over (partition by d) as place from unnest(dimensions) as d
      union all select 'exclude', e, 1 from unnest(exclude) as e
      union all select 'first_last', f, 1 from unnest(first_last) as f
    ) as l
    left join silver.source_columns(source, parent_id, known_id) a on a.known_as = l.name
  loop
    case bad.fault
      when 'null' then
        raise exception '%: a column name is null', bad.argument using errcode = '22004', hint = 'Leave it out.';
      when 'missing' then
        raise exception '%: % has no column %', bad.argument, source, quote_ident(bad.name)
          using errcode = '42703', hint = 'Name columns as they are stored, without quotes.';
      when 'twice' then
        raise exception 'dimensions: % is named twice', quote_ident(bad.name) using errcode = '42701', hint = 'Name it once.';
      when 'time' then
        raise exception '%: % is the time column', bad.argument, quote_ident(bad.name)
          using errcode = '22023', hint = 'The time is always a key of its own; leave it out.';
      when 'excluded' then
        raise exception 'exclude: % is a dimension', quote_ident(bad.name)
          using errcode = '22023', hint = 'Leave it out of one of the two lists.';
      when 'ungroupable' then
        raise exception 'dimensions: % is of type %, which cannot be grouped by', quote_ident(bad.name), format_type(bad.type, null)
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
      when 'not kept' then
        raise exception 'first_last: % keeps no first and last value of %', source, quote_ident(bad.name)
          using errcode = '22023', hint = 'Ask for them where the parent is declared, or roll up the raw source.';
      when 'unordered' then
        raise exception 'first_last: % is of type %, of which nothing is kept', quote_ident(bad.name), format_type(bad.type, null)
          using errcode = '22023', hint = 'Leave it out, or keep its text in a generated column.';
      else null;
    end case;
  end loop;
end
$$;
