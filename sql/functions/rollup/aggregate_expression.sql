-- silver.aggregate_expression(rollup_id, role, metric): SQL that computes one target column of a group, from rows called `s`.
-- From raw rows: the aggregate itself. From a parent's target: the aggregate of its column of the same role, so that levels compose.
-- avg is always sum / count of the same level: an average of averages would be wrong. Identical aggregates in one statement are
-- computed once by PostgreSQL, so avg costs a division; count of a column that cannot be null is count(*).
-- Stable; takes no locks.
create or replace function silver.aggregate_expression(rollup_id integer, role text, metric name)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  col silver.timeseries_rollup_column;
  src silver.timeseries_tracked_source;
  input text;
  input_type regtype;
  input_not_null boolean;
  expression text;
begin
  select * into strict col from silver.timeseries_rollup_column c
  where c.rollup_id = aggregate_expression.rollup_id and c.role = aggregate_expression.role
    and c.metric is not distinct from aggregate_expression.metric;
  select s.* into strict src from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = aggregate_expression.rollup_id;
  if role = 'avg' then
    return format('(%s)::%s / nullif(%s, 0)',
      silver.aggregate_expression(rollup_id, 'sum', metric),
      case col.column_type when 'double precision' then 'double precision' else 'numeric' end,
      silver.aggregate_expression(rollup_id, 'count', metric));
  end if;

  -- Null only for the row count of raw rows, which has no input.
  input := 's.' || quote_ident(col.input_column);
  if src.kind = 'derived' then
    return case role
      when 'row_count' then format('sum(%s)::bigint', input)
      when 'count' then format('sum(%s)::bigint', input)
      when 'sum' then format('sum(%s)::%s', input, col.column_type)
      when 'min' then format('min(%s)', input)
      when 'max' then format('max(%s)', input)
    end;
  end if;

  select a.atttypid, a.attnotnull into input_type, input_not_null from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = col.input_column and not a.attisdropped;
  return case role
    when 'row_count' then 'count(*)'
    when 'count' then case when input_not_null then 'count(*)' else format('count(%s)', input) end
    -- sum(real) is a real and loses digits.
    when 'sum' then case when input_type = 'real'::regtype then format('sum(%s::double precision)', input)
      else format('sum(%s)', input) end
    when 'min' then format('min(%s)', input)
    when 'max' then format('max(%s)', input)
  end;
end
$$;
