-- silver.value_expression(col, inputs): SQL for a most frequent value or its counts where no value need be counted by itself: of a
-- boolean, two counts tell all; without stored counts, mode() does. As in silver.aggregate_expression, inputs says what the rows `s` are;
-- of 'parts' the counts of true and of false stand in the columns of the target (silver.partial_expression).
-- Of values that are as frequent, the one with the lowest text is taken, here and in silver.stacked_select. Stable; takes no locks.
create or replace function silver.value_expression(col silver.timeseries_rollup_column, inputs text)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  mode_column silver.timeseries_rollup_column := silver.sibling_column(col, 'mode');
  values_column silver.timeseries_rollup_column := silver.sibling_column(col, 'values');
  input text;
  when_false text;
  when_true text;
begin
  if col.role = 'mode' and values_column.position is null then
    input := 's.' || quote_ident(col.input_column);
    return format('(mode() within group (order by %s::text collate "C"))::%s', input, col.column_type);
  end if;
  case inputs
    when 'raw' then
      when_false := format('count(*) filter (where not s.%I)', mode_column.input_column);
      when_true := format('count(*) filter (where s.%I)', mode_column.input_column);
    when 'parts' then
      when_false := format('coalesce(sum(s.%I), 0)::bigint', mode_column.column_name);
      when_true := format('coalesce(sum(s.%I), 0)::bigint', values_column.column_name);
    else
      when_false := format('coalesce(sum((s.%I ->> ''false'')::bigint), 0)::bigint', values_column.input_column);
      when_true := format('coalesce(sum((s.%I ->> ''true'')::bigint), 0)::bigint', values_column.input_column);
  end case;
  if col.role = 'mode' then
    return format('case when %1$s + %2$s > 0 then %2$s > %1$s end', when_false, when_true);
  end if;
  return format('case when %1$s + %2$s > 0 then jsonb_strip_nulls(jsonb_build_object(''false'', nullif(%1$s, 0), ''true'', nullif(%2$s, 0))) end',
    when_false, when_true);
end
$$;
