-- silver.get_partition_stats(parent_table_name): one row for each partition below a table, at any depth, in the order of their bounds; for a plain
-- table one row, of itself. Bytes and bounds are exact. What is called an estimate comes from the planner's or the statistics
-- collector's counters; scans, blocks and rows written count since the counters were last reset.
-- cache_hit_ratio: the share of heap and index blocks found in PostgreSQL's own cache; null before the first read.
-- Errors: 42P01 no such table. Stable; locks: ACCESS SHARE on each partition while its size is taken.
-- It sets no search_path, so that the table is found as the caller finds it.
create or replace function silver.get_partition_stats(parent_table_name text)
returns table (
  partition_name text, parent_name text, level integer, is_leaf boolean, lower_bound timestamptz, upper_bound timestamptz,
  row_estimate bigint, live_row_estimate bigint, dead_row_estimate bigint,
  total_bytes bigint, table_bytes bigint, index_bytes bigint, toast_bytes bigint,
  sequential_scans bigint, index_scans bigint, rows_inserted bigint, rows_updated bigint, rows_deleted bigint,
  blocks_read bigint, blocks_hit bigint, cache_hit_ratio double precision,
  last_vacuum timestamptz, last_analyze timestamptz)
language plpgsql stable
as $$
declare
  parent regclass := silver.resolve_table('parent_table_name', parent_table_name);
begin
  return query select s.* from silver.partition_stats(parent) s;
end
$$;
