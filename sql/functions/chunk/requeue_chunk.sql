-- silver.requeue_chunk(chunk_id, attempts_spent): gives a chunk a new job id, so that it is delivered anew and its former job, should that come back, can settle
-- nothing; the caller ends the former one, where it is still to run, and sends the new one in the same transaction. attempts_spent: how many of its attempts count as spent; 0, the default,
-- gives it all of them again; null leaves what it has spent. No row when the chunk is gone or an attempt holds it.
-- Locks: the chunk row, the config row.
create or replace function silver.requeue_chunk(chunk_id bigint, attempts_spent integer default 0)
returns setof silver.delivery
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  delivery silver.delivery;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = requeue_chunk.chunk_id for update skip locked;
  if c.chunk_id is null then
    return;
  end if;
  update silver.timeseries_chunk ch
  set state = 'queued', attempt = greatest(0, coalesce(requeue_chunk.attempts_spent, c.attempt)), worker_id = null, started_at = null,
    retry_at = null, delivered_by = 'job', job_id = gen_random_uuid()
  where ch.chunk_id = c.chunk_id;
  perform silver.show_rollup_state(c.rollup_id);
  for delivery in select * from silver.delivery_of(c.chunk_id) loop
    delivery.former_job := c.job_id;
    return next delivery;
  end loop;
end
$$;
