-- silver.call_sources(rollups, retries_only): the body of silver.perform_rollup and, with retries_only, of silver.handle_rollup_retries: everything
-- in the caller's transaction, each chunk in a savepoint. Returns what was done, one row per rollup for which something was.
-- Errors: 25001 above READ COMMITTED. Locks: silver.lock_source of each source, progress and config rows, until the transaction ends.
create or replace function silver.call_sources(rollups integer[], retries_only boolean)
returns table (target_table text, chunks bigint, failed bigint, buckets bigint, rows_read bigint, rows_written bigint)
language plpgsql strict
set search_path = pg_catalog, pg_temp
set lock_timeout = '10s'
as $$
#variable_conflict use_column
declare
  call jsonb := silver.open_call();
  source integer;
  chunk bigint;
begin
  -- With a snapshot as old as the transaction, a range could be computed whose last writers another session has meanwhile found
  -- ended: too late for the snapshot, too early for the drain that would have made the range dirty again.
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'rollups cannot be computed at isolation level %', current_setting('transaction_isolation')
      using errcode = '25001', hint = 'BEGIN ISOLATION LEVEL READ COMMITTED, or CALL silver.run_rollups().';
  end if;
  for source in select silver.sources_in_order(rollups) loop
    -- The lock first: a scheduler passes a locked source by, but would wait for the progress rows a chunk holds.
    if exists (select silver.due_retries(source, rollups)) and silver.try_lock_source(source) then
      for chunk in select silver.due_retries(source, rollups) loop
        if silver.retake_chunk(chunk) then
          call := silver.run_call_chunk(chunk, call);
        end if;
      end loop;
    end if;
    continue when retries_only or not exists (select from silver.due_sources(source, true));
    perform silver.advance_call(source, rollups);
    loop
      select p.call, p.chunk_id into call, chunk from silver.plan_call(source, rollups, call, true) p;
      exit when chunk is null;
      call := silver.run_call_chunk(chunk, call);
    end loop;
  end loop;
  return query select * from silver.call_result(call);
end
$$;
