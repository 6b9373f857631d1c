-- silver.requeue_chunk(chunk_id): gives a chunk whose job is gone, or that is dead, a new job id and all its attempts; the caller
-- sends the job in the same transaction. No row when the chunk is gone or an attempt holds it.
-- Locks: the chunk row, the config row.
create or replace function silver.requeue_chunk(chunk_id bigint)
returns table (job_id uuid, rollup_id integer, target_name text, reason text, priority integer,
  max_retries integer, retry_delay_s integer, retry_delay_max_s integer)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = requeue_chunk.chunk_id for update skip locked;
  if c.chunk_id is null then
    return;
  end if;
  update silver.timeseries_chunk ch
  set state = 'queued', attempt = 0, worker_id = null, started_at = null, retry_at = null, delivered_by = 'job', job_id = gen_random_uuid()
  where ch.chunk_id = c.chunk_id;
  perform silver.show_rollup_state(c.rollup_id);
  return query
  select ch.job_id, r.rollup_id, r.target_table::text, c.reason, r.priority, r.max_retries,
    greatest(1, extract(epoch from r.retry_delay)::integer), greatest(1, extract(epoch from r.retry_delay_max)::integer)
  from silver.timeseries_rollup_config r join silver.timeseries_chunk ch on ch.rollup_id = r.rollup_id
  where ch.chunk_id = c.chunk_id;
end
$$;
