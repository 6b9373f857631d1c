-- silver.live_select(rollup_id, source, bucket, lo, hi, group_by_bucket): the SELECT of a live view's unsettled arm: the target's
-- columns computed from `source` for rows within [lo, hi), SQL text all; `bucket` is the SQL of the bucket's start. One bucket at a time
-- (group_by_bucket false), its start is a constant and no rows must give no row. Stable; takes no locks.
create or replace function silver.live_select(
  rollup_id integer, source text, bucket text, lo text, hi text, group_by_bucket boolean)
returns text
language plpgsql stable strict
set search_path = ''
as $$
declare
  src silver.timeseries_tracked_source;
  time_type regtype;
  items text;
  keys text;
begin
  select s.* into strict src from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id where r.rollup_id = live_select.rollup_id;
  select a.atttypid into strict time_type from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  select string_agg(format('%s as %I',
      case c.role
        when 'time' then bucket
        when 'dimension' then format('s.%I', c.input_column)
        else silver.aggregate_expression(c.rollup_id, c.role, c.metric) end,
      c.column_name), ', ' order by c.position),
    string_agg(c.position::text, ', ' order by c.position)
      filter (where c.role = 'dimension' or (group_by_bucket and c.role = 'time'))
  into items, keys
  from silver.timeseries_rollup_column c where c.rollup_id = live_select.rollup_id;
  return format('select %s from %s as s where %s %s', items, source,
    silver.time_predicate('s.', src.time_column, time_type, src.time_zone, lo, hi),
    case when keys is null then 'having count(*) > 0' else 'group by ' || keys end);
end
$$;
