-- silver.start_chunk(chunk_id, worker_id, attempt, trace): announces that an attempt begins, in a small transaction of its own,
-- so that status and worker are visible while the chunk runs. Returns 'started'; 'superseded' when the chunk is gone or dead;
-- 'deferred' when another attempt holds it; 'held' when the rollup's circuit is open and another of its chunks is being tried: one at a time,
-- until one succeeds. A held chunk needs no job meanwhile. Never waits for the chunk. Locks: the chunk row, the config row.
create or replace function silver.start_chunk(chunk_id bigint, worker_id text, attempt integer, trace text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  announced record;
begin
  select * into announced from silver.announce_chunk(chunk_id, worker_id, attempt, trace);
  if announced.outcome = 'started' then
    perform silver.show_rollup_state(announced.rollup_id);
  end if;
  return announced.outcome;
end
$$;
