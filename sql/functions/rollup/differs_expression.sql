-- silver.differs_expression(rollup_id, a, b): SQL that is true when two rows of the target, called a and b, differ in a value.
-- The one definition of equality, for refresh, compare and tests: exact for everything but sums and averages of
-- floating-point numbers, which depend on the order of the rows: those are the same within 1e-12 relative when count, min and max are equal.
-- Values whose type calls different texts equal, or has no equality, are compared by their text. Stable; takes no locks.
create or replace function silver.differs_expression(rollup_id integer, a text, b text)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select string_agg(
    format(case
        when c.role in ('sum', 'avg') and c.column_type = 'double precision' then 'not silver.same_float(%1$s, %2$s)'
        when c.column_type = 'json[]' or (c.role in ('mode', 'first', 'last') and silver.metric_kind(c.column_type::regtype) <> 'number'
            and not silver.has_exact_text(c.column_type::regtype))
          or (c.role in ('mode', 'first', 'last') and silver.metric_kind(c.column_type::regtype) is null)
          or (c.role = 'sum' and c.column_type = 'interval') then '%1$s::text is distinct from %2$s::text'
        else '%1$s is distinct from %2$s' end,
      format('%s.%I', a, c.column_name), format('%s.%I', b, c.column_name)),
    ' or ' order by c.position)
  from silver.timeseries_rollup_column c
  where c.rollup_id = differs_expression.rollup_id and c.role not in ('time', 'dimension', 'retired')
$$;
