-- silver.group_select(rollup_id, source, lo, hi, listed, source_rows): the SELECT that computes the target's rows of the range [lo, hi) (SQL of type
-- timestamptz) from `source` (SQL for a table or view), columns in the target's order and of its types. listed: $3 holds the bucket starts
-- of the range (silver.bucket_expression). source_rows: one more column, the number of rows read for the group.
-- Used by chunks, by comparison with the stored rows, and by the live view. Stable; takes no locks.
create or replace function silver.group_select(
  rollup_id integer, source text, lo text, hi text, listed boolean, source_rows boolean)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  inputs text;
begin
  if exists (select from silver.counts_apart(rollup_id))
    or exists (select from silver.timeseries_rollup_column c where c.rollup_id = group_select.rollup_id and c.role = 'array')
  then
    return silver.stacked_select(rollup_id, source, lo, hi, listed, source_rows);
  end if;
  select case s.kind when 'derived' then 'parent' else 'raw' end into strict inputs
  from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = group_select.rollup_id;
  return (
    select format(E'select %s%s\nfrom %s as s\nwhere %s\ngroup by %s',
      string_agg(format('(%s)::%s as %I', case c.role
          when 'time' then silver.bucket_expression(c.rollup_id, silver.source_instant(c.rollup_id), listed)
          when 'dimension' then 's.' || quote_ident(c.input_column)
          else silver.aggregate_expression(c, inputs) end,
        c.column_type, c.column_name), E',\n  ' order by c.position),
      case when source_rows then E',\n  count(*) as silver_source_rows' else '' end,
      source, silver.source_predicate(group_select.rollup_id, lo, hi),
      string_agg(c.position::text, ', ' order by c.position) filter (where c.role in ('time', 'dimension')))
    from silver.timeseries_rollup_column c where c.rollup_id = group_select.rollup_id);
end
$$;
