-- silver.fail_chunk(chunk_id, worker_id, attempt, error, hopeless): records a failed attempt, in a new transaction after the attempt's was
-- rolled back. error: {"sqlstate", "message", "detail", "hint", "context", "query", "trace"}, all but message optional.
-- Returns 'retrying'; 'dead' when it was the last attempt by the rollup's max_retries, or is hopeless: no further one can succeed before a person mended
-- something; or 'superseded' when the chunk is gone, dead, or held by a
-- later attempt. The error is logged in every case, and counted against the rollup (silver.note_failure) where the chunk is still its own.
-- Locks: the chunk row, the config row.
create or replace function silver.fail_chunk(chunk_id bigint, worker_id text, attempt integer, error jsonb, hopeless boolean default false)
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
  perform silver.log_chunk_error(c.rollup_id, fail_chunk.chunk_id, fail_chunk.worker_id, fail_chunk.attempt, error);
  if busy or c.chunk_id is null or c.state = 'dead' or c.attempt > fail_chunk.attempt then
    return 'superseded';
  end if;
  update silver.timeseries_chunk ch
  set state = 'retrying', worker_id = null, started_at = null, attempt = greatest(fail_chunk.attempt, 1),
    last_error = coalesce(error ->> 'message', 'unknown error'),
    retry_at = clock_timestamp() + silver.retry_delay(c.rollup_id, greatest(fail_chunk.attempt, 1))
  where ch.chunk_id = c.chunk_id;
  perform silver.note_failure(c.rollup_id);
  if hopeless or fail_chunk.attempt > (select r.max_retries from silver.timeseries_rollup_config r where r.rollup_id = c.rollup_id) then
    return silver.bury_chunk(c.chunk_id);
  end if;
  perform silver.show_rollup_state(c.rollup_id);
  return 'retrying';
end
$$;
