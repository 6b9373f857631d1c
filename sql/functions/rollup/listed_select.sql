-- silver.listed_select(rollup_id, col, source, lo, hi, listed): the SELECT that lists the values of one array column: bucket, dimensions, and at most 1,000 values,
-- the first by time, then by value. The arrays of a parent are strung together in order of its buckets: the first 1,000 of the whole are among the
-- first 1,000 of each part. (That holds where the rollup has its parent's dimensions; another one reads the root source.)
-- Stable; takes no locks.
create or replace function silver.listed_select(
  rollup_id integer, col silver.timeseries_rollup_column, source text, lo text, hi text, listed boolean)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  parent boolean;
  keys text;
  inputs text;
  item text;
begin
  select s.kind = 'derived' into strict parent
  from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = listed_select.rollup_id;
  select coalesce(string_agg(', ' || quote_ident(d.column_name), '' order by d.position), ''),
    coalesce(string_agg(format(', s.%I as %I', d.input_column, d.column_name), '' order by d.position), '')
  into keys, inputs
  from silver.timeseries_rollup_column d where d.rollup_id = listed_select.rollup_id and d.role = 'dimension';
  if parent then
    return format(
$sql$  select "timestamp"%1$s, array_agg(silver_item order by silver_place) as silver_items
  from (
    select p."timestamp"%1$s, e.silver_item, row_number() over (partition by "timestamp"%1$s order by p.silver_at, e.silver_place) as silver_place
    from parts as p
    cross join lateral unnest(p.%2$I%3$s) with ordinality as e (silver_item, silver_place)
  ) as i
  where silver_place <= 1000
  group by "timestamp"%1$s$sql$,
      keys, col.column_name, case when col.column_type = 'json[]' then '::text[]' else '' end);
  end if;
  -- json has no order, nor can arrays of it be compared; its text can.
  item := case when col.column_type = 'json[]' then format('s.%I::text collate "C"', col.input_column) else format('s.%I', col.input_column) end;
  return format(
$sql$  select "timestamp"%1$s, array_agg(silver_item order by silver_place) as silver_items
  from (
    select "timestamp"%1$s, silver_item, row_number() over (partition by "timestamp"%1$s order by silver_at, silver_item) as silver_place
    from (
      select %2$s as "timestamp"%3$s, %4$s as silver_at, %5$s as silver_item
      from %6$s as s
      where %7$s and s.%8$I is not null
    ) as b
  ) as i
  where silver_place <= 1000
  group by "timestamp"%1$s$sql$,
    keys, silver.bucket_expression(rollup_id, silver.source_instant(rollup_id), listed), inputs, silver.source_instant(rollup_id), item,
    source, silver.source_predicate(rollup_id, lo, hi), col.input_column);
end
$$;
