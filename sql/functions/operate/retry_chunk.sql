-- silver.retry_chunk(chunk_id): gives a dead or failed chunk all its attempts again, due at once: the next call of silver.perform_rollup,
-- silver.run_rollups or silver.handle_rollup_retries computes it, or a scheduler, which finds it without a job and sends one. The rollup's circuit closes.
-- False when it is gone, runs, or waits for a first attempt already. Locks: the chunk row, the config row.
create or replace function silver.retry_chunk(chunk_id bigint)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform from silver.timeseries_chunk c
  where c.chunk_id = retry_chunk.chunk_id and c.state in ('dead', 'retrying') for update skip locked;
  if not found then
    return false;
  end if;
  perform silver.close_circuit(r.rollup_id) from silver.requeue_chunk(retry_chunk.chunk_id) r;
  update silver.timeseries_chunk c set delivered_by = 'call' where c.chunk_id = retry_chunk.chunk_id;
  perform pg_notify('silver_wake', '');
  return true;
end
$$;
