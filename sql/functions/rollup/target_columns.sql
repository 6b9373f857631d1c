-- silver.target_columns(source, parent_id, time_column, dimensions, exclude): the columns of a target, in order: timestamp,
-- the dimensions, row_count, then for each numeric column of the source min_, max_, avg_, sum_ and count_.
-- A child (parent_id not null) has the metrics of its parent. Sums and averages of integers are exact: the sum of a
-- smallint or integer is a bigint, of a bigint a numeric; of a real a double precision.
-- Errors: 42703 for a dimension or excluded column that is not there. Stable; takes no locks.
create or replace function silver.target_columns(
  source regclass, parent_id integer, time_column name, dimensions name[], exclude name[])
returns table (ordinal bigint, column_name text, role text, metric name, input_column name, column_type text, nullable boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  missing text;
begin
  select string_agg(quote_ident(n), ', ') into missing
  from unnest(dimensions || exclude) as n
  where not exists (
    select from pg_catalog.pg_attribute a
    where a.attrelid = source and a.attname = n and a.attnum > 0 and not a.attisdropped)
    and not exists (
      select from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.metric = n);
  if missing is not null then
    raise exception 'dimensions, exclude: % has no column %', source, missing
      using errcode = '42703', hint = 'Name columns as they are stored, without quotes.';
  end if;
  if time_column = any (dimensions) then
    raise exception 'dimensions: % is the time column', quote_ident(time_column)
      using errcode = '22023', hint = 'The time is always a key of its own; leave it out.';
  end if;

  return query
  with input as (
    select a.attnum::integer as place, a.attname as name,
      coalesce(nullif(t.typbasetype, 0), a.atttypid)::regtype as base,
      format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid),
        case when t.typbasetype <> 0 then t.typtypmod else a.atttypmod end) as type,
      format_type(a.atttypid, a.atttypmod) as own_type,
      a.attnotnull as not_null
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type t on t.oid = a.atttypid
    where a.attrelid = source and a.attnum > 0 and not a.attisdropped
  ), numeric_input as (
    select i.*, case
        when i.base in ('smallint'::regtype, 'integer'::regtype) then 'bigint'
        when i.base in ('bigint'::regtype, 'numeric'::regtype) then 'numeric'
        when i.base in ('real'::regtype, 'double precision'::regtype) then 'double precision'
      end as sum_type
    from input i
    where parent_id is null and i.name <> time_column and i.name <> all (dimensions) and i.name <> all (exclude)
  ), wanted_column as (
    select 1 as part, 0 as place, 0 as sub, 'timestamp' as column_name, 'time' as role, null::name as metric,
      time_column as input_column, 'timestamp with time zone' as column_type, false as nullable
    union all
    select 2, d.ordinality::integer, 0, i.name::text, 'dimension', i.name, i.name, i.own_type, not i.not_null
    from unnest(dimensions) with ordinality as d (name, ordinality) join input i on i.name = d.name
    union all
    select 3, 0, 0, 'row_count', 'row_count', null, case when parent_id is not null then 'row_count'::name end, 'bigint', false
    union all
    select 4, n.place, v.sub, v.role || '_' || n.name, v.role, n.name, case when v.role <> 'avg' then n.name end,
      v.type, v.role <> 'count' and not n.not_null
    from numeric_input n
    cross join lateral (values
      (1, 'min', n.type), (2, 'max', n.type),
      (3, 'avg', case n.sum_type when 'double precision' then 'double precision' else 'numeric' end),
      (4, 'sum', n.sum_type), (5, 'count', 'bigint')) as v (sub, role, type)
    where n.sum_type is not null
    union all
    select 4, c.position, 0, c.column_name::text, c.role, c.metric, case when c.role <> 'avg' then c.column_name end,
      c.column_type, c.nullable
    from silver.timeseries_rollup_column c
    where c.rollup_id = parent_id and c.role not in ('time', 'dimension', 'row_count')
      and c.metric <> all (exclude) and c.column_name <> all (exclude)
  )
  select row_number() over (order by w.part, w.place, w.sub), w.column_name, w.role, w.metric, w.input_column,
    w.column_type, w.nullable
  from wanted_column w;
end
$$;
