-- silver.compile_live(rollup_id): creates or replaces the live view <target>_live, with the target's name and columns: in any
-- snapshot it equals the source aggregated from scratch (promise 1). Its arms are disjoint by construction:
--   the settled rows of the target: those in the longest settled stretch by two plain comparisons, the rest by the unsettled set.
--   (One scan with an OR, so that the planner expects nearly all rows: three index-served arms took 4 times a bare aggregate,
--   because it expected few. The reader's own predicate is served by index and partition bounds as on the table.)
--   each unsettled bucket before the tail, one by one, so that a time predicate picks buckets before anything is read;
--   the tail, from the present bucket on.
-- The others come from silver_live.live_<id>(from, to), which aggregates the source of one range: a query that finds all
-- settled plans neither the source nor its partitions, and is not sent to the JIT compiler by their cost. Where no index leads to a
-- bucket's rows, the unsettled ranges are computed whole. The unsettled set is computed once a query.
-- A child's function reads its parent's live view. Should the source have been renamed, and perhaps another table have its name now, the function
-- renders its SQL anew, from the source's oid. The function is SECURITY DEFINER, so that whoever may read the view needs no right on the
-- source, as it is with any view; and in a schema that nobody may use, so that it is reached through the view alone. Locks: ACCESS EXCLUSIVE on the view when its text changes.
create or replace function silver.compile_live(rollup_id integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  time_name name;
  columns text;
  others text;
  unsettled_arms text;
  renamed text := '';
  view_text text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = compile_live.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select string_agg(quote_ident(c.column_name), ', ' order by c.position),
    string_agg('x.' || quote_ident(c.column_name), ', ' order by c.position) filter (where c.role <> 'time'),
    min(c.column_name::text) filter (where c.role = 'time')
  into strict columns, others, time_name
  from silver.timeseries_rollup_column c where c.rollup_id = compile_live.rollup_id;

  if src.kind <> 'derived' then
    renamed := format(
E'  if to_regclass(%L) is distinct from (select s.source_table::oid from silver.timeseries_tracked_source s where s.source_id = %s) then
    return query execute silver.live_select(%s, ''$1'', ''$2'') using silver_from, silver_to;
    return;
  end if;\n', src.source_table, src.source_id, r.rollup_id);
  end if;
  execute format(E'create or replace function silver_live.%I(silver_from timestamptz, silver_to timestamptz) returns setof %s\n'
    'language plpgsql stable security definer rows 100 cost 1000\nset search_path = pg_catalog, pg_temp\nset jit = off\n'
    -- The text of a value, under which it is counted, is that of the chunk's settings.
    'set timezone = ''UTC''\nset datestyle = ''ISO''\nset intervalstyle = ''postgres''\nset extra_float_digits = 1\nset bytea_output = ''hex''\nas %L',
    'live_' || r.rollup_id, r.target_table,
    format(E'\n#variable_conflict use_column\nbegin\n%s  return query\n%s;\nend\n', renamed, silver.live_select(r.rollup_id, 'silver_from', 'silver_to')));

  if silver.has_time_access(src.source_id) then
    unsettled_arms := format(
E'select b.starts_at, %1$s
from silver.buckets_between((select listed from unsettled), interval %2$L, %3$L, timestamptz %4$L) as b
cross join lateral silver_live.%5$I(b.starts_at, b.ends_at) as x
union all
select x.%6$I, %1$s
from unsettled as u
cross join lateral silver_live.%5$I(u.tail_from, ''infinity'') as x
where u.tail_from is not null',
      others, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, 'live_' || r.rollup_id, time_name);
  else
    unsettled_arms := format(
E'select x.%2$I, %1$s
from unsettled as u
cross join lateral unnest(u.ranges) as n
cross join lateral silver_live.%3$I(coalesce(lower(n), ''-infinity''), coalesce(upper(n), ''infinity'')) as x',
      others, time_name, 'live_' || r.rollup_id);
  end if;

  view_text := format(
E'with unsettled as materialized (select * from silver.live_bounds(%1$s))
select %2$s from %3$s as t
where (t.%4$I >= (select settled_from from unsettled) and t.%4$I < (select settled_to from unsettled))
  or not t.%4$I <@ (select ranges from unsettled)
union all
%5$s', r.rollup_id, columns, r.target_table, time_name, unsettled_arms);
  begin
    execute format('create or replace view %s as %s', silver.live_name(r.target_table), view_text);
  exception when invalid_table_definition then
    -- A column was dropped or retyped. Whoever depends on the view hears of it from the DROP.
    execute format('drop view %s', silver.live_name(r.target_table));
    execute format('create view %s as %s', silver.live_name(r.target_table), view_text);
  end;
  execute format('comment on view %s is %L', silver.live_name(r.target_table),
    format('%s, right in every snapshot: settled buckets from the table, the others computed from the source.', r.target_table));
end
$$;
