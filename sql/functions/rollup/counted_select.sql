-- silver.counted_select(rollup_id, col, lo, hi, listed): for a rollup of a rollup, the SELECT that counts the values of one most frequent value column,
-- from the rows `parts` of its parent: bucket, dimensions, position of the column, value as text, count.
-- A parent's group of more values than are stored has a number in place of its counts: a fingerprint. Where a bucket of the parent has such
-- a group, its values are counted from the root source instead: exact at any number of values, in the same snapshot, and nothing is
-- read where there is none. The fingerprint changes with any count, so the parent's row does, and this rollup hears of it.
-- Stable; takes no locks.
create or replace function silver.counted_select(
  rollup_id integer, col silver.timeseries_rollup_column, lo text, hi text, listed boolean)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  raw_id integer := silver.raw_rollup(rollup_id);
  raw_column silver.timeseries_rollup_column;
  raw_source regclass;
  raw_key text;
  raw_dimensions text;
  parent_id integer;
  keys text;
  instant text := silver.source_instant(raw_id);
  crowded text := format('select p.silver_at from parts as p where jsonb_typeof(p.%I) = ''number''',
    (silver.sibling_column(col, 'values')).column_name);
begin
  select c.* into strict raw_column from silver.timeseries_rollup_column c
  where c.rollup_id = raw_id and c.role = 'mode' and c.metric = col.metric;
  raw_key := silver.value_key('s.' || quote_ident(raw_column.input_column), raw_column.column_type::regtype);
  select s.source_table into strict raw_source
  from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = raw_id;
  select p.rollup_id into strict parent_id
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  join silver.timeseries_rollup_config p on p.target_table = s.source_table
  where r.rollup_id = counted_select.rollup_id;
  select string_agg(quote_ident(d.column_name) || ', ', '' order by d.position),
    string_agg(format('s.%I, ', x.input_column), '' order by d.position)
  into keys, raw_dimensions
  from silver.timeseries_rollup_column d
  left join silver.timeseries_rollup_column x on x.rollup_id = raw_id and x.role = 'dimension' and x.metric = (
    select m.metric from silver.timeseries_rollup_column m where m.rollup_id = raw_id and m.role = 'dimension' and m.column_name = d.column_name)
  where d.rollup_id = counted_select.rollup_id and d.role = 'dimension';
  keys := coalesce(keys, '');
  return format(
$sql$  select "timestamp", %1$s%2$s as silver_value, silver_key, sum(silver_count)::bigint as silver_count
  from (
    select p."timestamp", %1$se.silver_key collate "C" as silver_key, e.silver_count::bigint as silver_count
    from parts as p
    cross join lateral jsonb_each_text(case when jsonb_typeof(p.%3$I) = 'object' then p.%3$I end) as e (silver_key, silver_count)
    where p.silver_at not in (%4$s)
    union all
    select %5$s, %6$s%12$s, count(*)
    from %8$s as s
    where (select count(*) > 0 from (%4$s) as crowded) and %9$s and s.%10$I is not null
      and %11$s in (%4$s)
    group by 1, %6$s%7$s
  ) as c
  group by "timestamp", %1$ssilver_key$sql$,
    keys, col.position, (silver.sibling_column(col, 'values')).column_name, crowded,
    silver.bucket_expression(rollup_id, instant, listed), coalesce(raw_dimensions, ''), raw_key, raw_source,
    silver.source_predicate(raw_id, lo, hi), raw_column.input_column, silver.bucket_expression(parent_id, instant, false),
    case when raw_key like '(%' then raw_key else raw_key || '::text' end);
end
$$;
