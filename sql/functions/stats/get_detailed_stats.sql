-- silver.get_detailed_stats(table_pattern): one row for each table whose name matches, a partitioned table with all of its partitions summed up,
-- partitions not by themselves (see silver.get_partition_stats).
-- table_pattern: as in SQL's LIKE: % stands for any characters, _ for any one, so '%_timeseries' also finds mytimeseries; write \_ for an
-- underscore. A pattern with a dot is compared with schema.table, without quotes, else with the table's name alone. Case matters.
-- Sizes are exact, in bytes. Estimates are called so: rows by the planner's and the collector's counters; rates per second since
-- counted_since, when the database's counters were reset, or the target was created (null: nobody knows, so no rates).
-- Errors: 22004 a null pattern; 22025 a pattern that ends in a backslash. Stable; locks: ACCESS SHARE on each table while its size is taken.
create or replace function silver.get_detailed_stats(table_pattern text)
returns table (
  schema_name text, table_name text, role text, partitions bigint,
  row_estimate bigint, live_row_estimate bigint, dead_row_estimate bigint,
  total_bytes bigint, table_bytes bigint, index_bytes bigint, toast_bytes bigint, total_size text,
  sequential_scans bigint, index_scans bigint, rows_inserted bigint, rows_updated bigint, rows_deleted bigint,
  blocks_read bigint, blocks_hit bigint, cache_hit_ratio double precision,
  counted_since timestamptz, blocks_read_per_second_estimate double precision, rows_written_per_second_estimate double precision,
  last_vacuum timestamptz, last_analyze timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if table_pattern is null then
    raise exception 'table_pattern: must not be null' using errcode = '22004', hint = 'Pass a pattern of LIKE; ''%'' finds every table.';
  end if;
  if table_pattern ~ '(^|[^\\])(\\\\)*\\$' then -- LIKE itself notices only where a name matches so far.
    raise exception 'table_pattern: % ends in a backslash, which escapes nothing', quote_literal(table_pattern)
      using errcode = '22025', hint = 'Write two for a backslash itself.';
  end if;
  return query
  with summed as (
    select n.nspname as in_schema, c.relname as named, c.oid as relation, stats.*
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    cross join lateral (
      select count(*) filter (where s.level > 0) as members,
        sum(s.row_estimate)::bigint as tuples, sum(s.live_row_estimate)::bigint as live, sum(s.dead_row_estimate)::bigint as dead,
        sum(s.total_bytes)::bigint as bytes, sum(s.table_bytes)::bigint as heap, sum(s.index_bytes)::bigint as indexes,
        sum(s.toast_bytes)::bigint as toast,
        sum(s.sequential_scans)::bigint as seq, sum(s.index_scans)::bigint as idx, sum(s.rows_inserted)::bigint as ins,
        sum(s.rows_updated)::bigint as upd, sum(s.rows_deleted)::bigint as del,
        sum(s.blocks_read)::bigint as misses, sum(s.blocks_hit)::bigint as hits,
        max(s.last_vacuum) as vacuumed, max(s.last_analyze) as analyzed
      from silver.partition_stats(c.oid::regclass) s where s.is_leaf -- What lies between holds estimates of what lies below.
    ) as stats
    where c.relkind in ('r', 'p', 'm') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema', 'silver') and n.nspname !~ '^pg_(toast|temp)'
      and case when strpos(table_pattern, '.') > 0 then n.nspname || '.' || c.relname else c.relname::text end like table_pattern
  ), dated as (
    select d.*, greatest(db.stats_reset, r.created_at) as since,
      case when r.rollup_id is not null then 'target'
        when exists (select from silver.timeseries_tracked_source t where t.source_table = d.relation) then 'source' end as its_role
    from summed d
    join pg_catalog.pg_stat_database db on db.datname = current_database()
    left join silver.timeseries_rollup_config r on r.target_table = d.relation
  )
  select d.in_schema::text, d.named::text, d.its_role, d.members, d.tuples, d.live, d.dead, d.bytes, d.heap, d.indexes, d.toast,
    pg_catalog.pg_size_pretty(d.bytes), d.seq, d.idx, d.ins, d.upd, d.del, d.misses, d.hits,
    d.hits::double precision / nullif(d.hits + d.misses, 0), d.since,
    d.misses / nullif(extract(epoch from clock_timestamp() - d.since), 0)::double precision,
    (d.ins + d.upd + d.del) / nullif(extract(epoch from clock_timestamp() - d.since), 0)::double precision,
    d.vacuumed, d.analyzed
  from dated d
  order by d.in_schema, d.named;
end
$$;
