-- silver.source_extent(source_id): where the rows of a source lie, for sizing chunks; never for deciding what is right.
-- first_at, last_at: smallest and largest instant: read where an index leads with the time column; else the bounds of the partitions that
-- hold anything; else, where every look at the table reads all of it, from PostgreSQL's statistics, which may be old; null when unknown.
-- row_estimate: by the same statistics (null before the first ANALYZE).
-- Stable; locks ACCESS SHARE on the source for its one query.
create or replace function silver.source_extent(
  source_id integer, out first_at timestamptz, out last_at timestamptz, out row_estimate double precision)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
declare
  src silver.timeseries_tracked_source;
  time_number smallint;
  time_type regtype;
  unknown_leaves bigint;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = source_extent.source_id;
  select a.attnum, a.atttypid into time_number, time_type from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  select sum(c.reltuples) filter (where c.reltuples >= 0) into row_estimate
  from silver.source_members(src.source_table) m join pg_catalog.pg_class c on c.oid = m and c.relkind in ('r', 'm', 'f');

  if exists (
    select from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_am am on am.oid = c.relam and am.amname = 'btree'
    where i.indrelid = src.source_table and i.indisvalid and i.indpred is null and i.indkey[0] = time_number)
  then
    execute format('select min(s.at), max(s.at) from (select %s as at, s.%I as by from %s s) s where isfinite(s.by)',
      silver.time_expression('s.', src.time_column, time_type, src.time_zone), src.time_column, src.source_table)
      into first_at, last_at;
    return;
  end if;

  if exists (select from pg_catalog.pg_class c where c.oid = src.source_table and c.relkind = 'p') then
    select min(coalesce(lower(held.bounds), '-infinity')), max(coalesce(upper(held.bounds), 'infinity')) into first_at, last_at
    from silver.member_bounds(src.source_table, src.time_column, src.time_zone) held
    join pg_catalog.pg_class c on c.oid = held.member
    where c.relkind = 'f' or c.relkind = 'r' and pg_catalog.pg_relation_size(c.oid) > 0;
    if isfinite(first_at) and isfinite(last_at) then
      last_at := last_at - interval '1 microsecond';
      return;
    end if;
  end if;

  select min(bound.at), max(bound.at),
    count(*) filter (where st.attname is null and c.reltuples <> 0)
  into first_at, last_at, unknown_leaves
  from silver.source_members(src.source_table) m
  join pg_catalog.pg_class c on c.oid = m and c.relkind = 'r'
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_stats st on st.schemaname = n.nspname and st.tablename = c.relname
    and st.attname = src.time_column and not st.inherited
  left join lateral (
    select case time_type
      when 'timestamptz'::regtype then value::timestamptz
      else value::timestamp at time zone coalesce(src.time_zone, 'UTC') end as at
    from unnest(coalesce(st.histogram_bounds::text::text[], '{}') || coalesce(st.most_common_vals::text::text[], '{}')) as value
    where value not in ('infinity', '-infinity')
  ) as bound on true;
  if unknown_leaves > 0 then
    first_at := null;
    last_at := null;
  end if;
end
$$;
