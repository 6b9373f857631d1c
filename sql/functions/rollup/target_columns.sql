-- silver.target_columns(...): the columns of a target, in order: timestamp, the dimensions, row_count, then for each metric by its kind
-- (silver.metric_kind): min_, max_, avg_, sum_ and count_<metric>; <metric> (most frequent value) and values_<metric> (how often
-- each value occurred); <metric> (array) and count_<metric>; and where first_last asks for it first_, first_time_, last_ and last_time_<metric>.
--   source        the table read: raw, or the target of rollup parent_id, whose metrics a child has by their columns
--   known_id      a rollup of that source: its metrics keep the names they have there when a column was renamed since
--   value_counts  false: no values_<metric>; then the most frequent value does not compose
-- Sums and averages of integers are exact: the sum of a smallint or integer is a bigint, of a bigint a numeric; of a real a double precision.
-- The lists are taken as they are: silver.plan_columns checks them and the result. Stable; takes no locks.
create or replace function silver.target_columns(
  source regclass, parent_id integer, time_column name, dimensions name[], exclude name[], first_last name[],
  value_counts boolean, known_id integer default null)
returns table (ordinal bigint, column_name text, role text, metric name, input_column name, input_number smallint,
  column_type text, nullable boolean, composes boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  with input as (
    select a.number, a.column_name, a.known_as as name, silver.base_type(a.type) as base,
      silver.base_type_name(a.type, a.typmod) as type, format_type(a.type, a.typmod) as own_type,
      a.not_null, silver.metric_kind(a.type) as kind
    from silver.source_columns(source, parent_id, known_id) a
  ), metric_input as (
    select i.*, case
        when i.base in ('smallint'::regtype, 'integer'::regtype) then 'bigint'
        when i.base in ('bigint'::regtype, 'numeric'::regtype) then 'numeric'
        when i.base in ('real'::regtype, 'double precision'::regtype) then 'double precision'
        else i.base::text end as sum_type
    from input i
    where parent_id is null and i.column_name <> time_column and i.name <> all (coalesce(dimensions, '{}')) and i.name <> all (coalesce(exclude, '{}'))
  ), wanted_column as (
    select 1 as part, 0 as place, 0 as sub, 'timestamp' as column_name, 'time' as role, null::name as metric,
      time_column as input_column, 'timestamp with time zone' as column_type, false as nullable, true as composes
    union all
    select 2, d.ordinality::integer, 0, i.name::text, 'dimension', i.name, i.column_name, i.own_type, not i.not_null, true
    from unnest(dimensions) with ordinality as d (name, ordinality) join input i on i.name = d.name
    union all
    select 3, 0, 0, 'row_count', 'row_count', null, case when parent_id is not null then 'row_count'::name end, 'bigint', false, true
    union all
    select 4, n.number, v.sub, v.prefix || n.name, v.role, n.name, case when v.role <> 'avg' then n.column_name end,
      v.type, v.role <> 'count' and not n.not_null, v.role <> 'mode' or value_counts
    from metric_input n
    cross join lateral (
      select * from (values
        ('number', 1, 'min_', 'min', n.type), ('number', 2, 'max_', 'max', n.type),
        ('number', 3, 'avg_', 'avg', case n.sum_type when 'bigint' then 'numeric' when 'money' then 'numeric' else n.sum_type end),
        ('number', 4, 'sum_', 'sum', n.sum_type), ('number', 5, 'count_', 'count', 'bigint'),
        ('value', 1, '', 'mode', n.type), ('value', 2, 'values_', 'values', 'jsonb'),
        ('array', 1, '', 'array', n.type || '[]'), ('array', 2, 'count_', 'count', 'bigint')) as v (kind, sub, prefix, role, type)
      where v.kind = n.kind and (v.role <> 'values' or value_counts)
      union all
      select null, f.sub, f.role || '_', f.role, f.type
      from (values (6, 'first', n.type), (7, 'first_time', 'timestamp with time zone'),
        (8, 'last', n.type), (9, 'last_time', 'timestamp with time zone')) as f (sub, role, type)
      where n.name = any (first_last)
    ) as v (kind, sub, prefix, role, type)
    union all
    select 4, c.position, 0, c.column_name::text, c.role, c.metric, case when c.role <> 'avg' then c.column_name end,
      c.column_type, c.nullable, c.composes
    from silver.timeseries_rollup_column c
    where c.rollup_id = parent_id and c.role not in ('time', 'dimension', 'row_count', 'retired') and c.metric <> all (coalesce(exclude, '{}'))
      and (c.role not in ('first', 'first_time', 'last', 'last_time') or first_last is null or c.metric = any (first_last))
      and (c.role <> 'values' or value_counts)
  )
  select row_number() over (order by w.part, w.place, w.sub), w.column_name, w.role, w.metric, w.input_column,
    i.number, w.column_type, w.nullable, w.composes
  from wanted_column w left join input i on i.column_name = w.input_column;
end
$$;
