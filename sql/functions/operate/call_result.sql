-- silver.call_result(call): what a call did, from the logs: one row for each rollup it computed or failed to. Stable; takes no locks.
create or replace function silver.call_result(call jsonb)
returns table (target_table text, chunks bigint, failed bigint, buckets bigint, rows_read bigint, rows_written bigint)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select r.target_table::text, coalesce(done.chunks, 0), coalesce(failure.n, 0), coalesce(done.buckets, 0)::bigint,
    coalesce(done.rows_read, 0)::bigint, coalesce(done.rows_written, 0)::bigint
  from silver.timeseries_rollup_config r
  left join (
    select l.rollup_id, count(*) as chunks, sum(l.buckets) as buckets, sum(l.rows_read) as rows_read,
      sum(l.rows_inserted + l.rows_updated + l.rows_deleted) as rows_written
    from silver.timeseries_refresh_log l
    where l.refresh_id > (call ->> 'refresh_mark')::bigint and l.worker_id = silver.caller_id()
    group by l.rollup_id
  ) as done on done.rollup_id = r.rollup_id
  left join (
    select e.rollup_id, count(*) as n
    from silver.timeseries_error_log e
    where e.error_id > (call ->> 'error_mark')::bigint and e.worker_id = silver.caller_id()
    group by e.rollup_id
  ) as failure on failure.rollup_id = r.rollup_id
  where done.chunks > 0 or failure.n > 0
  order by r.rollup_id
$$;
