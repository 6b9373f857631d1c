-- silver.match_expression(rollup_id, a, b): SQL that is true when two rows of the target, called a and b, are of the same group.
-- Dimensions may be null. FULL JOIN wants a condition it can hash, which IS NOT DISTINCT FROM is not; so rows with a nullable
-- dimension are also joined on the hash of their key, where every type has one. Stable; takes no locks.
create or replace function silver.match_expression(rollup_id integer, a text, b text)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  condition text;
  nullable_columns name[];
begin
  select string_agg(
      case when c.nullable
        then format('(%1$s.%3$I = %2$s.%3$I or (%1$s.%3$I is null and %2$s.%3$I is null))', a, b, c.column_name)
        else format('%s.%I = %s.%I', a, c.column_name, b, c.column_name) end,
      ' and ' order by c.position),
    array_agg(c.column_name order by c.position) filter (where c.nullable)
  into condition, nullable_columns
  from silver.timeseries_rollup_column c
  where c.rollup_id = match_expression.rollup_id and c.role in ('time', 'dimension');
  if nullable_columns is not null and not exists (
    select from silver.timeseries_rollup_column c
    where c.rollup_id = match_expression.rollup_id and c.column_name = any (nullable_columns)
      and not silver.is_hashable(c.column_type::regtype))
  then
    condition := condition || format(' and hash_record_extended(row(%s), 0) = hash_record_extended(row(%s), 0)',
      (select string_agg(format('%s.%I', a, n), ', ') from unnest(nullable_columns) as n),
      (select string_agg(format('%s.%I', b, n), ', ') from unnest(nullable_columns) as n));
  end if;
  return condition;
end
$$;
