-- silver.differs_expression(rollup_id, a, b): SQL that is true when two rows of the target, called a and b, differ in a value.
-- The one definition of equality, for refresh, compare and tests: exact for everything but sums and averages of
-- floating-point numbers, which depend on the order of the rows: those are the same within 1e-12 relative when count, min and max are equal.
-- Stable; takes no locks.
create or replace function silver.differs_expression(rollup_id integer, a text, b text)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select string_agg(
    case when c.role in ('sum', 'avg') and c.column_type = 'double precision'
      then format('not silver.same_float(%s.%I, %s.%I)', a, c.column_name, b, c.column_name)
      else format('%s.%I is distinct from %s.%I', a, c.column_name, b, c.column_name) end,
    ' or ' order by c.position)
  from silver.timeseries_rollup_column c
  where c.rollup_id = differs_expression.rollup_id and c.role not in ('time', 'dimension')
$$;
