-- silver.partition_stats(parent): the body of silver.get_partition_stats; see there. Stable; takes no locks but ACCESS SHARE.
create or replace function silver.partition_stats(parent regclass)
returns table (
  partition_name text, parent_name text, level integer, is_leaf boolean, lower_bound timestamptz, upper_bound timestamptz,
  row_estimate bigint, live_row_estimate bigint, dead_row_estimate bigint,
  total_bytes bigint, table_bytes bigint, index_bytes bigint, toast_bytes bigint,
  sequential_scans bigint, index_scans bigint, rows_inserted bigint, rows_updated bigint, rows_deleted bigint,
  blocks_read bigint, blocks_hit bigint, cache_hit_ratio double precision,
  last_vacuum timestamptz, last_analyze timestamptz)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive member (relid, parent_id, level) as (
    select parent::oid, null::oid, 0
    union all
    select i.inhrelid, i.inhparent, m.level + 1 from member m join pg_catalog.pg_inherits i on i.inhparent = m.relid
  )
  select m.relid::regclass::text, m.parent_id::regclass::text, m.level, k.relkind <> 'p',
    lower(bound.bounds), upper(bound.bounds),
    case when k.reltuples >= 0 then k.reltuples::bigint end, t.n_live_tup, t.n_dead_tup,
    pg_catalog.pg_total_relation_size(m.relid), pg_catalog.pg_table_size(m.relid) - toast.bytes,
    pg_catalog.pg_indexes_size(m.relid), toast.bytes,
    t.seq_scan, t.idx_scan, t.n_tup_ins, t.n_tup_upd, t.n_tup_del,
    coalesce(io.heap_blks_read, 0) + coalesce(io.idx_blks_read, 0), coalesce(io.heap_blks_hit, 0) + coalesce(io.idx_blks_hit, 0),
    (coalesce(io.heap_blks_hit, 0) + coalesce(io.idx_blks_hit, 0))::double precision
      / nullif(coalesce(io.heap_blks_hit, 0) + coalesce(io.idx_blks_hit, 0) + coalesce(io.heap_blks_read, 0) + coalesce(io.idx_blks_read, 0), 0),
    greatest(t.last_vacuum, t.last_autovacuum), greatest(t.last_analyze, t.last_autoanalyze)
  from member m
  join pg_catalog.pg_class k on k.oid = m.relid
  left join silver.member_bounds(parent) as bound on bound.member = m.relid
  cross join lateral (
    select case when k.reltoastrelid <> 0 then pg_catalog.pg_total_relation_size(k.reltoastrelid) else 0 end as bytes) as toast
  left join pg_catalog.pg_stat_all_tables t on t.relid = m.relid
  left join pg_catalog.pg_statio_all_tables io on io.relid = m.relid
  where m.level > 0 or not exists (select from pg_catalog.pg_inherits i where i.inhparent = m.relid)
  order by lower(bound.bounds) nulls first, m.level, m.relid::regclass::text
$$;
