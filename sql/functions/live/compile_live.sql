-- silver.compile_live(rollup_id): creates or replaces the live view <target>_live, with the target's name and columns: in any snapshot it
-- equals the source aggregated from scratch (promise 1). Five arms, disjoint by construction:
--   the longest settled stretch of the target, by plain comparisons (an index or partition bound serves them);
--   the settled rows before and after it, tested against the unsettled set;
--   each unsettled bucket before the tail, computed from the source through its time index, one by one, so that a time
--   predicate on the view picks buckets before anything is read;
--   the tail, from the present bucket on, computed by grouping.
-- Where no index or partition bound leads to a bucket's rows, the unsettled ranges are grouped range by range instead.
-- The unsettled set is computed once a query. A child reads its parent's live view. Locks: ACCESS EXCLUSIVE on the view when its text changes.
create or replace function silver.compile_live(rollup_id integer)
returns void
language plpgsql
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  source_relation text;
  time_type regtype;
  time_name name;
  columns text;
  by_bucket text;
  by_group text;
  unsettled_arms text;
  spec text;
  bucket text;
  schema_name name;
  target_name name;
  text_now text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = compile_live.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select n.nspname, c.relname into strict schema_name, target_name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = r.target_table;
  select a.atttypid into strict time_type from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  select string_agg(quote_ident(c.column_name), ', ' order by c.position), min(c.column_name::text) filter (where c.role = 'time')
  into strict columns, time_name
  from silver.timeseries_rollup_column c where c.rollup_id = compile_live.rollup_id;
  source_relation := case when src.kind = 'derived' then silver.live_name(src.source_table) else src.source_table::text end;
  spec := format('interval %L, %L, timestamptz %L', r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  bucket := case when silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) = 'fixed'
    then format('date_bin(interval %L, %s, timestamptz %L)',
      make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision),
      silver.time_expression('s.', src.time_column, time_type, src.time_zone), r.bucket_origin)
    else format('silver.time_bucket(interval %L, %s, %L, timestamptz %L)', r.rollup_table_interval,
      silver.time_expression('s.', src.time_column, time_type, src.time_zone), r.bucket_time_zone, r.bucket_origin) end;
  by_bucket := silver.live_select(rollup_id, source_relation, 'b.starts_at', 'b.starts_at', 'b.ends_at', false);
  by_group := silver.live_select(rollup_id, source_relation, bucket, 'u.from_at', 'u.to_at', true);

  if silver.has_time_access(src.source_id) then
    unsettled_arms := format(
E'select x.* from silver.buckets_between((select ranges from unsettled), (select coalesce(tail_from, ''infinity'') from unsettled), %1$s) as b
cross join lateral (\n%2$s\n) as x
union all
select x.* from (select coalesce(tail_from, ''infinity'') as from_at, ''infinity''::timestamptz as to_at from unsettled) as u
cross join lateral (\n%3$s\n) as x', spec, by_bucket, by_group);
  else
    unsettled_arms := format(
E'select x.* from (
  select coalesce(lower(n), ''-infinity'') as from_at, coalesce(upper(n), ''infinity'') as to_at from unnest((select ranges from unsettled)) as n
) as u
cross join lateral (\n%1$s\n) as x', by_group);
  end if;

  text_now := format(
E'with unsettled as materialized (select * from silver.live_bounds(%1$s))
select %2$s from %3$s as t
where t.%4$I >= (select settled_from from unsettled) and t.%4$I < (select settled_to from unsettled)
union all
select %2$s from %3$s as t
where t.%4$I < (select settled_from from unsettled) and not t.%4$I <@ (select ranges from unsettled)
union all
select %2$s from %3$s as t
where t.%4$I >= (select settled_to from unsettled) and not t.%4$I <@ (select ranges from unsettled)
union all
%5$s', r.rollup_id, columns, r.target_table, time_name, unsettled_arms);
  begin
    execute format('create or replace view %s as %s', silver.live_name(r.target_table), text_now);
  exception when invalid_table_definition or feature_not_supported then
    -- The columns changed: rows of the catalog are replaced, not altered; whoever depends on the view hears of it.
    execute format('drop view %s', silver.live_name(r.target_table));
    execute format('create view %s as %s', silver.live_name(r.target_table), text_now);
  end;
  execute format('comment on view %s is %L', silver.live_name(r.target_table),
    format('%s, right in every snapshot: settled buckets from the table, the others computed from the source.', r.target_table));
end
$$;
