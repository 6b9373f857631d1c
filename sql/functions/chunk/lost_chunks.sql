-- silver.lost_chunks(queue_schema, queue_name): the chunks that no job will deliver: not dead, and without a job that is created, waiting for a
-- retry, or active. Deleting every job at any moment loses nothing (promise 4): the scheduler sends these again.
-- A chunk whose job is out of attempts is not lost while its dead letter waits to be buried: it would never die.
-- Of a rollup whose circuit is open, one is returned when it is time to try (probe_at) and none of its chunks has a job: the others are held back.
-- Nor is a job a delivery that starts later than any backoff: a clock that ran ahead set it.
-- Returns all chunks when the queue's table is gone. Locks: none; reads pg-boss's job table by its documented columns id, name, state,
-- start_after and source_id (of a dead letter: the job that failed).
create or replace function silver.lost_chunks(queue_schema text, queue_name text)
returns table (chunk_id bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  if to_regclass(format('%I.job', queue_schema)) is null then
    return query select c.chunk_id from silver.timeseries_chunk c where c.state <> 'dead' order by c.chunk_id;
    return;
  end if;
  return query execute format(
    'with waiting as (
       select c.chunk_id, c.rollup_id, exists (
         select from %I.job j
         where (j.name = $1 and j.id = c.job_id or j.name <> $1 and j.source_id = c.job_id)
           and (j.state::text = ''active'' or j.state::text in (''created'', ''retry'')
             and j.start_after <= clock_timestamp() + r.retry_delay_max + interval ''1 minute'')) as has_job
       from silver.timeseries_chunk c join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id
       where c.state <> ''dead''
     )
     select w.chunk_id
     from waiting w join silver.timeseries_rollup_config r on r.rollup_id = w.rollup_id
     where not w.has_job and (r.probe_at is null or silver.probe_is_due(r) and not exists (
       select from waiting o where o.rollup_id = w.rollup_id and (o.has_job or o.chunk_id < w.chunk_id)))
     order by w.chunk_id', queue_schema)
    using queue_name;
end
$$;
