-- silver.groups_statement(rollup_id, in_scan): the statement that computes given groups of a rollup afresh and writes only what differs; null where it is computed
-- by whole buckets alone (silver.group_key). $4, $5 and $6 are the starts and ends of the groups' buckets and their dimensions, none of them null;
-- $1, $2 and $3 as for the other statements, of the extent of all.
--   in_scan  false: the rows of each group are found by themselves, by its dimensions and time, which an index serves. The planner, which guesses
--            a two-hundredth of a table for a range of times it does not know, would read all of the extent instead.
--            true: the extent is read, and the rows of the groups are picked by their bucket and dimensions
-- Stable; takes no locks.
create or replace function silver.groups_statement(rollup_id integer, in_scan boolean)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  columns text;
  assignments text;
  keys text;
  of_source text;
  picked text;
  group_names text;
  of_target text;
  stored_keys text;
  found text;
begin
  if silver.group_key(rollup_id) is null then
    return null;
  end if;
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = groups_statement.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  -- DISTINCT, for one value may have been logged as two texts (an instant, by sessions in two time zones), and its rows count once.
  -- Each side is compared by the collation of its own column, which is that of its indexes.
  select string_agg(quote_ident(c.column_name), ', ' order by c.position),
    string_agg(format('%1$I = d.%1$I', c.column_name), ', ' order by c.position) filter (where c.role not in ('time', 'dimension', 'retired')),
    string_agg(format(', (u.silver_key ->> %s)::%s as %I', c.place, silver.base_type(a.atttypid), c.column_name), '' order by c.position)
      filter (where c.role = 'dimension'),
    string_agg(format(' and s.%I = g.%I%s', c.input_column, c.column_name, silver.collate_clause(a.attcollation)), '' order by c.position)
      filter (where c.role = 'dimension'),
    string_agg(format(', s.%I%s', c.input_column, silver.collate_clause(a.attcollation)), '' order by c.position) filter (where c.role = 'dimension'),
    string_agg(format(', g.%I', c.column_name), '' order by c.position) filter (where c.role = 'dimension'),
    string_agg(format(' and t.%1$I = g.%1$I%2$s', c.column_name, silver.collate_clause(t.attcollation)), '' order by c.position)
      filter (where c.role = 'dimension'),
    string_agg(format(', t.%I as silver_key_%s', c.column_name, c.position), '' order by c.position) filter (where c.role = 'dimension'),
    string_agg(format(' and t.%I = d.silver_key_%s', c.column_name, c.position), '' order by c.position) filter (where c.role = 'dimension')
  into strict columns, assignments, keys, of_source, picked, group_names, of_target, stored_keys, found
  from (
    select c.*, count(*) filter (where c.role = 'dimension') over (order by c.position) - 1 as place
    from silver.timeseries_rollup_column c where c.rollup_id = groups_statement.rollup_id
  ) as c
  left join pg_catalog.pg_attribute a on a.attrelid = src.source_table and a.attname = c.input_column and not a.attisdropped
  left join pg_catalog.pg_attribute t on t.attrelid = r.target_table and t.attname = c.column_name and not t.attisdropped;
  found := '"timestamp" = d.silver_bucket' || found || ' and t."timestamp" >= $1::timestamptz and t."timestamp" < $2::timestamptz';
  return format(
E'with silver_groups as materialized (
  select distinct u.silver_from, u.silver_to%1$s
  from unnest($4::timestamptz[], $5::timestamptz[], $6::jsonb[]) as u (silver_from, silver_to, silver_key)
), fresh as materialized (
%2$s
), differing as materialized (
  select f.*, t."timestamp" as silver_bucket%3$s
  from fresh as f
  full join (
    select t.* from silver_groups as g
    join %4$s as t on t."timestamp" = g.silver_from%5$s
    where t."timestamp" >= $1::timestamptz and t."timestamp" < $2::timestamptz
  ) as t on %6$s
  where f."timestamp" is null or t."timestamp" is null or %7$s
), added as (
  insert into %4$s (%8$s) select %8$s from differing where silver_bucket is null returning 1
), changed as (
  update %4$s as t set %9$s from differing as d
  where d."timestamp" is not null and t.%10$s
  returning 1
), gone as (
  delete from %4$s as t using differing as d
  where d."timestamp" is null and t.%10$s
  returning 1
)
select (select coalesce(sum(%11$s), 0)::bigint from fresh),
  (select count(*) from added), (select count(*) from changed), (select count(*) from gone)',
    keys,
    silver.group_select(rollup_id,
      case when in_scan
        -- Not a join: OR FALSE keeps the planner from making one of it, so that each row of the extent is read once and looked up in a hash table,
        -- however few rows or groups it expects. As a join it was a nested one, of all with all, where it had no statistics.
        then format(E'(\n  select s.* from %s as s where %s\n    and ((%s%s) in (select g.silver_from%s from silver_groups as g) or false)\n)',
          src.source_table, silver.source_predicate(rollup_id, '$1::timestamptz', '$2::timestamptz'),
          silver.bucket_expression(rollup_id, silver.source_instant(rollup_id), true), picked, group_names)
        else format(E'(\n  select s.* from silver_groups as g cross join lateral (select * from %s as s where %s and %s%s offset 0) as s\n)', src.source_table,
          silver.source_predicate(rollup_id, 'g.silver_from', 'g.silver_to'),
          -- By which partitions are left out when it is planned.
          silver.source_predicate(rollup_id, '$1::timestamptz', '$2::timestamptz'), of_source) end,
      '$1::timestamptz', '$2::timestamptz', true, src.kind = 'derived'),
    stored_keys, r.target_table, of_target, silver.match_expression(rollup_id, 'f', 't'), silver.differs_expression(rollup_id, 'f', 't'),
    columns, assignments, found, case src.kind when 'derived' then 'silver_source_rows' else 'row_count' end);
end
$$;
