-- silver.run_call_chunk(chunk_id, call): computes a chunk that silver.plan_call or silver.retake_chunk announced, within a savepoint, and says so
-- in a NOTICE. A failure rolls back to the savepoint, is recorded as a worker's is, and gives the chunk a time to be tried
-- again or, out of attempts, makes it dead; the call does no more for that rollup (call.failed), and goes on with the next.
-- Returns call. Locks: as silver.run_chunk.
create or replace function silver.run_call_chunk(chunk_id bigint, inout call jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  r silver.timeseries_rollup_config;
  run record;
  error jsonb;
  message text;
  detail text;
  hint text;
  context text;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = run_call_chunk.chunk_id;
  if c.chunk_id is null or c.worker_id is distinct from silver.caller_id() then
    return; -- A worker had a job for it and was faster, or a scheduler found it idle and sent it.
  end if;
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = c.rollup_id;
  begin
    select * into strict run from silver.run_chunk(c.chunk_id, silver.caller_id(), c.attempt);
  exception when others then
    get stacked diagnostics message = message_text, detail = pg_exception_detail, hint = pg_exception_hint,
      context = pg_exception_context;
    error := jsonb_strip_nulls(jsonb_build_object('sqlstate', sqlstate, 'message', message, 'detail', nullif(detail, ''),
      'hint', nullif(hint, ''), 'context', context,
      'query', substring(context from 'SQL statement "(.*?)"\nPL/pgSQL')));
  end;
  if error is null then -- Not in one condition with what follows: plpgsql would look at run even after an error, which left it unset.
    if run.outcome <> 'completed' then
      raise notice '%: a chunk is being computed by a worker; left to it', r.target_table;
    else
      raise notice '%: % % buckets in % ms: % rows read, % written', r.target_table, run.buckets, c.reason,
        round(run.duration_ms), run.rows_read, run.rows_inserted + run.rows_updated + run.rows_deleted;
    end if;
    return;
  end if;
  call := jsonb_set(call, '{failed}', (call -> 'failed') || to_jsonb(r.rollup_id));
  begin
    perform silver.fail_chunk(c.chunk_id, silver.caller_id(), c.attempt, error);
  exception when lock_not_available then
    -- Somebody holds the rollup's rows, which is likely why it failed. The chunk is taken over after stale_after; the others go on.
    raise warning '%: its failure could not be recorded: %', r.target_table, sqlerrm;
  end;
  raise warning '%: attempt % of % buckets failed: %', r.target_table, c.attempt, c.buckets, message;
end
$$;
