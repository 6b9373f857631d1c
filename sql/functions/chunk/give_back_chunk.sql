-- silver.give_back_chunk(chunk_id, worker_id, attempt, error): puts a chunk back in the queue whose attempt ended through no fault of its own: its worker
-- stops, the server shut down, became read-only or had no connection left. The attempt is not spent. Returns what the chunk's new job
-- carries; the caller sends it in the same transaction. error: as for silver.fail_chunk, for the error log; null writes no row there.
-- No row when the chunk is gone, dead, taken over by a later attempt, or held by one. Locks: the chunk row, the config row.
create or replace function silver.give_back_chunk(chunk_id bigint, worker_id text, attempt integer, error jsonb default null)
returns setof silver.delivery
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = give_back_chunk.chunk_id for update skip locked;
  if error is not null then
    perform silver.log_chunk_error(c.rollup_id, give_back_chunk.chunk_id, give_back_chunk.worker_id, give_back_chunk.attempt, error);
  end if;
  if c.chunk_id is null or c.state = 'dead' or c.attempt > give_back_chunk.attempt then
    return;
  end if;
  return query select * from silver.requeue_chunk(c.chunk_id, give_back_chunk.attempt - 1);
end
$$;
