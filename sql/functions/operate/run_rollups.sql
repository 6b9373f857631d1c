-- CALL silver.run_rollups(specific_table): as silver.perform_rollup, but commits after moving a horizon, after noting the writers and planning
-- a chunk, and after each chunk: what it computed stays computed, nothing is computed twice, and locks are held for a chunk only.
-- This is what pg_cron should call. Waits at most the source's drain_grace for writers, as a scheduler does.
-- It sees to READ COMMITTED itself. Errors: those of silver.perform_rollup; 2D000 in a transaction block, which a procedure that commits
-- cannot run in. Locks: as a scheduler's tick and a worker's chunk. Sets no search_path: a procedure that does cannot commit.
create or replace procedure silver.run_rollups(specific_table text default null)
language plpgsql
as $$
declare
  rollups integer[] := silver.select_rollups('specific_table', specific_table);
  call jsonb := silver.open_call();
  source integer;
  sources integer[] := array(select silver.sources_in_order(rollups));
  chunk bigint;
  chunks bigint[];
begin
  -- Chained, so that each transaction has the level of this one: at a higher one a range could be computed from a snapshot older than its drain.
  commit;
  set transaction isolation level read committed;
  foreach source in array sources loop
    perform silver.limit_call();
    chunks := array(select silver.due_retries(source, rollups));
    foreach chunk in array chunks loop
      continue when not silver.retake_chunk(chunk);
      commit and chain;
      perform silver.limit_call();
      call := silver.run_call_chunk(chunk, call);
      commit and chain;
      perform silver.limit_call();
    end loop;
    continue when not exists (select from silver.due_sources(source, true));
    perform silver.advance_call(source, rollups);
    commit and chain;

    loop
      perform silver.limit_call();
      select p.call, p.chunk_id into call, chunk from silver.plan_call(source, rollups, call, false) p;
      commit and chain;
      perform silver.limit_call();
      if chunk is not null then
        call := silver.run_call_chunk(chunk, call);
      elsif silver.awaits_writers(source, call) then
        perform pg_sleep(0.05);
      else
        exit;
      end if;
      commit and chain;
    end loop;
    commit and chain;
  end loop;
end
$$;
