-- silver.announce_chunk(chunk_id, worker_id, attempt, trace, together): silver.start_chunk, but for the rollup's circuit, which the caller has looked at, and its
-- state, which the caller shows. together: the attempt shares its transaction with other chunks. Returns the outcome, as that function does, and the
-- chunk's rollup. Locks: the chunk row.
create or replace function silver.announce_chunk(
  chunk_id bigint, worker_id text, attempt integer, trace text, together boolean, out outcome text, out rollup_id integer)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = announce_chunk.chunk_id for update skip locked;
  rollup_id := c.rollup_id;
  if c.chunk_id is null or c.state = 'dead' then
    outcome := case when c.chunk_id is null and exists (select from silver.timeseries_chunk ch where ch.chunk_id = announce_chunk.chunk_id)
      then 'deferred' else 'superseded' end;
    return;
  end if;
  update silver.timeseries_chunk ch
  set state = 'running', worker_id = announce_chunk.worker_id, started_at = clock_timestamp(), together = announce_chunk.together,
    attempt = greatest(announce_chunk.attempt, 1), retry_at = null, trace = coalesce(announce_chunk.trace, ch.trace)
  where ch.chunk_id = c.chunk_id;
  outcome := 'started';
end
$$;
