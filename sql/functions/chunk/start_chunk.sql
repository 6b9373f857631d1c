-- silver.start_chunk(chunk_id, worker_id, attempt, trace): announces that an attempt begins, in a small transaction of its own,
-- so that status and worker are visible while the chunk runs. Returns 'started'; 'superseded' when the chunk is gone or dead;
-- 'deferred' when another attempt holds it; 'held' when the rollup's circuit is open and another of its chunks is being tried: one at a time,
-- until one succeeds. A held chunk needs no job meanwhile. Never waits for the chunk. Locks: the chunk row, the config row.
create or replace function silver.start_chunk(chunk_id bigint, worker_id text, attempt integer, trace text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  announced record;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = start_chunk.chunk_id for update skip locked;
  if c.chunk_id is not null and c.state <> 'dead'
    and exists (select from silver.timeseries_rollup_config r where r.rollup_id = c.rollup_id and r.probe_at is not null for no key update)
    and exists (
      select from silver.timeseries_chunk o
      where o.rollup_id = c.rollup_id and o.chunk_id <> c.chunk_id and (o.state = 'running'
        or o.state = 'retrying' and (c.state <> 'retrying' or o.chunk_id < c.chunk_id)))
  then
    update silver.timeseries_chunk ch set state = 'queued', worker_id = null, started_at = null, retry_at = null
    where ch.chunk_id = c.chunk_id and ch.state <> 'queued';
    return 'held';
  end if;
  select * into announced from silver.announce_chunk(chunk_id, worker_id, attempt, trace, false);
  if announced.outcome = 'started' then
    perform silver.show_rollup_state(announced.rollup_id);
  end if;
  return announced.outcome;
end
$$;
