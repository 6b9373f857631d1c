-- silver.aggregate_expression(col, inputs): SQL that computes one target column of a group, from rows called `s`.
--   inputs 'raw'     rows of the source: the aggregate itself
--          'parent'  rows of a parent's target: the aggregate of its column of the same role, so that levels compose
--          'parts'   rows aggregated by a finer key in the same statement (silver.stacked_select), named as the target's columns
-- avg is always sum / count of the same level: an average of averages would be wrong. Identical aggregates in one statement are
-- computed once by PostgreSQL, so avg costs a division; count of a column that cannot be null is count(*), and of a parent's the sum of its
-- row counts: an hour of minutes takes a tenth less, and silver.shape_of sees when a column may be null.
-- Values counted one by one and arrays are put together by silver.stacked_select. Stable; takes no locks.
create or replace function silver.aggregate_expression(col silver.timeseries_rollup_column, inputs text)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  input text := 's.' || quote_ident(case inputs when 'parts' then col.column_name else col.input_column end);
  times silver.timeseries_rollup_column;
  instant text;
  counts_rows boolean := col.role = 'count' and not (
    select bool_or(c.nullable) from silver.timeseries_rollup_column c
    where c.rollup_id = col.rollup_id and c.metric = col.metric and c.role in ('min', 'array'));
begin
  if counts_rows and inputs = 'parent' then
    select 's.' || quote_ident(c.input_column) into strict input
    from silver.timeseries_rollup_column c where c.rollup_id = col.rollup_id and c.role = 'row_count';
  end if;
  case col.role
    when 'retired' then
      return 'null';
    when 'avg' then
      return format('((%s)::%s%s) / nullif(%s, 0)%s',
        silver.aggregate_expression(silver.sibling_column(col, 'sum'), inputs), col.column_type,
        -- Or the quotient of a large numeric would have as few digits after the point as the sum: none, for bigint.
        case (silver.sibling_column(col, 'sum')).column_type when 'numeric' then ' + 0.0000000000000000' else '' end,
        silver.aggregate_expression(silver.sibling_column(col, 'count'), inputs),
        case col.column_type when 'interval' then '::double precision' else '' end);
    when 'min', 'max' then
      return format('%s(%s)', col.role, input);
    when 'mode', 'values' then
      return silver.value_expression(col, inputs);
    when 'first_time', 'last_time' then
      if inputs <> 'raw' then
        return format('%s(%s)', case col.role when 'first_time' then 'min' else 'max' end, input);
      end if;
      return format('%s(%s) filter (where %s is not null)',
        case col.role when 'first_time' then 'min' else 'max' end, silver.source_instant(col.rollup_id), input);
    when 'first', 'last' then
      times := silver.sibling_column(col, col.role || '_time');
      instant := case inputs when 'raw' then silver.source_instant(col.rollup_id)
        when 'parts' then 's.' || quote_ident(times.column_name) else 's.' || quote_ident(times.input_column) end;
      -- An array of the ordered values took an eighth of the time of an aggregate written in SQL or plpgsql.
      return format(case col.role when 'first' then '(array_agg(%1$s order by %2$s, %3$s) filter (where %1$s is not null))[1]'
        else '(array_agg(%1$s order by %2$s desc, %3$s desc) filter (where %1$s is not null))[1]' end,
        input, instant, silver.tie_order(input, col.column_type::regtype));
    else null;
  end case;

  if inputs <> 'raw' then
    return format(case col.role when 'sum' then 'sum(%s)' else 'sum(%s)::bigint' end, input);
  end if;
  return case col.role
    when 'row_count' then 'count(*)'
    when 'count' then case when counts_rows then 'count(*)' else format('count(%s)', input) end
    -- sum(real) is a real and loses digits.
    when 'sum' then case col.column_type when 'double precision' then format('sum(%s::double precision)', input)
      else format('sum(%s)', input) end
  end;
end
$$;
