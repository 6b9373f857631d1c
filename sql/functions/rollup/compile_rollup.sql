-- silver.compile_rollup(rollup_id): writes the rollup's chunk statements (silver.timeseries_rollup_statement) from its columns
-- and the source as it is now. Deterministic; run again by migrate, and by hand when a column it reads has changed.
-- Each takes $1, $2 (a range of whole buckets) and $3 (bucket starts) and returns rows read, inserted, updated, deleted;
-- compare returns the differing groups; groups, groups_in_scan and group_rows are for late changes of few groups (silver.groups_statement), or null. Errors: P0002 for an unknown rollup; 42703 for a column that is gone.
-- Locks: the statement's row.
create or replace function silver.compile_rollup(rollup_id integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  time_name name;
  columns text;
  fresh text;
  rows_read text;
  fill text;
  matches text;
  differs text;
  assignments text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = compile_rollup.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select string_agg(quote_ident(c.column_name), ', ' order by c.position),
    string_agg(format('%1$I = d.%1$I', c.column_name), ', ' order by c.position) filter (where c.role not in ('time', 'dimension', 'retired')),
    min(c.column_name::text) filter (where c.role = 'time')
  into strict columns, assignments, time_name
  from silver.timeseries_rollup_column c where c.rollup_id = compile_rollup.rollup_id;
  -- The rows of a derived source are counted beside the groups; raw rows are the row counts.
  fresh := silver.group_select(rollup_id, src.source_table::text, '$1::timestamptz', '$2::timestamptz', true, src.kind = 'derived');
  rows_read := case src.kind when 'derived' then 'silver_source_rows' else 'row_count' end;
  matches := silver.match_expression(rollup_id, 'f', 't');
  differs := silver.differs_expression(rollup_id, 'f', 't');

  if src.kind = 'derived' then
    fill := format(
      E'with fresh as materialized (\n%1$s\n), added as (\n  insert into %2$s (%3$s) select %3$s from fresh\n)\n'
      'select coalesce(sum(silver_source_rows), 0)::bigint, count(*), 0::bigint, 0::bigint from fresh',
      fresh, r.target_table, columns);
  else
    -- In the order of the key, the index grows at its end only: 3.3 s where hash order took 4.0 to 5.0 (3 M rows). By an expression of the
    -- time, the same instant: by the time itself the planner, which overestimates groups, would rather sort all rows than hash them and
    -- sort the groups (0.77 µs a row instead of 0.46).
    fill := format(
      E'with added as (\n  insert into %2$s (%3$s) select %3$s from (\n%1$s\n) as fresh\n  order by %4$s\n  returning row_count\n)\n'
      'select coalesce(sum(row_count), 0)::bigint, count(*), 0::bigint, 0::bigint from added',
      fresh, r.target_table, columns, (
        select string_agg(case c.role when 'time' then format('%I at time zone interval ''0''', c.column_name) else quote_ident(c.column_name) end,
          ', ' order by c.position)
        from silver.timeseries_rollup_column c
        where c.rollup_id = compile_rollup.rollup_id and c.role in ('time', 'dimension')));
  end if;

  insert into silver.timeseries_rollup_statement as st (rollup_id, fill, refresh, compare, groups, groups_in_scan, group_rows, shape)
  values (rollup_id, fill,
    format(
E'with fresh as materialized (
%1$s
), differing as materialized (
  select f.*, t.silver_tuple, t.silver_table
  from fresh as f
  full join (select *, ctid as silver_tuple, tableoid as silver_table from %2$s where %4$I >= $1::timestamptz and %4$I < $2::timestamptz) as t
    on %5$s
  where f.%4$I is null or t.silver_tuple is null or %6$s
), added as (
  insert into %2$s (%3$s) select %3$s from differing where silver_tuple is null returning 1
), changed as (
  update %2$s as t set %7$s from differing as d
  where t.ctid = d.silver_tuple and t.tableoid = d.silver_table and d.%4$I is not null
    and t.%4$I >= $1::timestamptz and t.%4$I < $2::timestamptz
  returning 1
), gone as (
  delete from %2$s as t using differing as d
  where t.ctid = d.silver_tuple and t.tableoid = d.silver_table and d.%4$I is null
    and t.%4$I >= $1::timestamptz and t.%4$I < $2::timestamptz
  returning 1
)
select (select coalesce(sum(%8$s), 0)::bigint from fresh),
  (select count(*) from added), (select count(*) from changed), (select count(*) from gone)',
      fresh, r.target_table, columns, time_name, matches, differs, assignments, rows_read),
    format(
E'with fresh as materialized (
%1$s
)
select coalesce(f.%3$I, t.%3$I), to_jsonb(f.*), to_jsonb(t.*)
from (select %4$s from fresh) as f
full join (select %4$s from %2$s where %3$I >= $1::timestamptz and %3$I < $2::timestamptz) as t
  on %5$s
where f.%3$I is null or t.%3$I is null or %6$s',
      fresh, r.target_table, time_name, columns, matches, differs),
    silver.groups_statement(rollup_id, false), silver.groups_statement(rollup_id, true), silver.group_rows_statement(rollup_id),
    silver.shape_of(rollup_id))
  on conflict on constraint timeseries_rollup_statement_pkey do update
    set fill = excluded.fill, refresh = excluded.refresh, compare = excluded.compare,
        groups = excluded.groups, groups_in_scan = excluded.groups_in_scan, group_rows = excluded.group_rows, shape = excluded.shape, compiled_at = excluded.compiled_at
    where (st.fill, st.refresh, st.compare, st.groups, st.groups_in_scan, st.group_rows, st.shape)
      is distinct from (excluded.fill, excluded.refresh, excluded.compare, excluded.groups, excluded.groups_in_scan, excluded.group_rows, excluded.shape);
  perform silver.note_columns(rollup_id);
end
$$;
