-- silver.handle_rollup_retries(): tries failed chunks again whose time has come, for people without workers: those that a call of silver.perform_rollup,
-- silver.run_rollups or this function failed, after the rollup's exponential backoff (retry_delay, doubled each time, at most
-- retry_delay_max), and those whose worker died longer than stale_after ago. Out of max_retries, a chunk is dead (see
-- silver.reset_rollup_retry). silver.perform_rollup and silver.run_rollups begin with the same; this does no more than that.
-- Returns as silver.perform_rollup. Locks: the same.
create or replace function silver.handle_rollup_retries()
returns table (target_table text, chunks bigint, failed bigint, buckets bigint, rows_read bigint, rows_written bigint)
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select * from silver.call_sources(silver.select_rollups('', null), true)
$$;
