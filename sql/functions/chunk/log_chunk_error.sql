-- silver.log_chunk_error(rollup_id, chunk_id, worker_id, attempt, error): writes one row of the error log.
-- error: {"sqlstate", "message", "detail", "hint", "context", "query", "trace"}, all but message optional. Locks: none but the new row.
create or replace function silver.log_chunk_error(rollup_id integer, chunk_id bigint, worker_id text, attempt integer, error jsonb)
returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  insert into silver.timeseries_error_log (
    rollup_id, chunk_id, attempt, worker_id, error_message, sql_state, detail, hint, context, attempted_query, trace)
  values (
    log_chunk_error.rollup_id, log_chunk_error.chunk_id, log_chunk_error.attempt, log_chunk_error.worker_id,
    coalesce(error ->> 'message', 'unknown error'), error ->> 'sqlstate', error ->> 'detail', error ->> 'hint', error ->> 'context',
    error ->> 'query', error ->> 'trace')
$$;
