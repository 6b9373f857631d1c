-- silver.fail_chunk(chunk_id, worker_id, attempt, error): records a failed attempt, in a new transaction after the attempt's was
-- rolled back. error: {"sqlstate", "message", "detail", "hint", "context", "query", "trace"}, all but message optional.
-- Returns 'retrying', or 'superseded' when the chunk is gone, dead, or held by a later attempt; the error is logged either way.
-- Locks: the chunk row, the config row.
create or replace function silver.fail_chunk(chunk_id bigint, worker_id text, attempt integer, error jsonb)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  busy boolean := false;
begin
  begin
    select * into c from silver.timeseries_chunk ch where ch.chunk_id = fail_chunk.chunk_id for update nowait;
  exception when lock_not_available then
    busy := true;
    select * into c from silver.timeseries_chunk ch where ch.chunk_id = fail_chunk.chunk_id;
  end;
  insert into silver.timeseries_error_log (
    rollup_id, chunk_id, attempt, worker_id, error_message, sql_state, detail, hint, context, attempted_query, trace)
  values (
    c.rollup_id, fail_chunk.chunk_id, fail_chunk.attempt, fail_chunk.worker_id, coalesce(error ->> 'message', 'unknown error'),
    error ->> 'sqlstate', error ->> 'detail', error ->> 'hint', error ->> 'context', error ->> 'query', error ->> 'trace');
  if busy or c.chunk_id is null or c.state = 'dead' or c.attempt > fail_chunk.attempt then
    return 'superseded';
  end if;
  update silver.timeseries_chunk ch
  set state = 'retrying', worker_id = null, started_at = null, attempt = greatest(fail_chunk.attempt, 1),
    last_error = coalesce(error ->> 'message', 'unknown error'),
    retry_at = clock_timestamp() + silver.retry_delay(c.rollup_id, greatest(fail_chunk.attempt, 1))
  where ch.chunk_id = c.chunk_id;
  perform silver.show_rollup_state(c.rollup_id);
  return 'retrying';
end
$$;
