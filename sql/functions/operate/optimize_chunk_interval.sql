-- silver.optimize_chunk_interval(table_name, target_bytes): recommends how wide the partitions ("chunks", to TimescaleDB) of a source or target should be: the
-- widest usual interval (an hour to ten years) at which one holds at most target_bytes (default: a quarter of shared_buffers, at least 64 MB) with its
-- indexes. Reckoned from the bytes stored, the rows that arrive a day, and for a target its buckets and its retention_period.
-- Changes nothing: silver.maintain_timeseries_tables applies it to the partitions to come of targets.
-- Returns one row: current_interval (null: not partitioned by time), recommended_interval, total_bytes (exact), wanted_bytes, estimates by the planner's
-- statistics and the refresh log, and the reason. Errors: 42P01 no such table; 22023 neither source nor target, or target_bytes below 8192.
-- Stable; locks ACCESS SHARE. It sets no search_path, so that the table is found as the caller finds it.
create or replace function silver.optimize_chunk_interval(table_name text, target_bytes bigint default null)
returns table (current_interval interval, recommended_interval interval, total_bytes bigint, wanted_bytes bigint,
  rows_per_day_estimate double precision, bytes_per_row_estimate double precision, reason text)
language plpgsql stable
as $$
declare
  named regclass := silver.resolve_table('table_name', table_name);
begin
  if target_bytes < 8192 then
    raise exception 'target_bytes: % is less than a page', target_bytes using errcode = '22023', hint = 'Pass 8192 or more.';
  end if;
  if not exists (select from silver.timeseries_rollup_config c where named in (c.target_table, c.source_table)) then
    raise exception 'table_name: % is neither the source nor the target of a rollup', named
      using errcode = '22023', hint = 'SELECT source_table, target_table FROM silver.timeseries_rollup_config;';
  end if;
  return query
  select a.current_interval, a.recommended_interval, a.total_bytes, a.wanted_bytes, a.rows_per_day_estimate,
    a.bytes_per_row_estimate, a.reason
  from silver.advise_chunk_interval(named, target_bytes) a;
end
$$;
