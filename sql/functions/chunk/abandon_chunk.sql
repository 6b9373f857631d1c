-- silver.abandon_chunk(chunk_id): records that the attempt at a chunk from silver.abandoned_chunks died with its worker, which spends it, and gives the
-- chunk a new job id. An attempt that shared its transaction with others is not spent: which of them it was, if one, shows when each goes alone. Returns what its job carries, and former_job, the job to be ended in the same transaction: with it ends the right of that
-- attempt to commit. No job to send (job_id null) when that was the last attempt: the chunk is dead. No row when it is gone or not abandoned.
-- Locks: the chunk row, the config row.
create or replace function silver.abandon_chunk(chunk_id bigint)
returns setof silver.delivery
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  delivery silver.delivery;
begin
  if not exists (select from silver.abandoned_chunks() a where a.chunk_id = abandon_chunk.chunk_id) then
    return;
  end if;
  select * into c from silver.timeseries_chunk ch
  where ch.chunk_id = abandon_chunk.chunk_id and ch.state = 'running' for update skip locked;
  if c.chunk_id is null then
    return;
  end if;
  if c.together then
    delivery := silver.requeue_chunk(c.chunk_id, c.attempt - 1);
  elsif silver.fail_chunk(c.chunk_id, c.worker_id, c.attempt, jsonb_build_object(
      'message', format('worker %s ended without a word', c.worker_id), 'trace', c.trace)) = 'dead'
  then
    delivery := silver.delivery_of(c.chunk_id);
    delivery.job_id := null;
    delivery.former_job := c.job_id;
  else
    delivery := silver.requeue_chunk(c.chunk_id, null);
  end if;
  return next delivery;
end
$$;
