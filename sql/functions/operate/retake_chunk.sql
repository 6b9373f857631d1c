-- silver.retake_chunk(chunk_id): announces the next attempt of a chunk from silver.due_retries, to be computed by this session. False when it is
-- gone, not due any more, held by an attempt that lives, or its rollup's rows are held: those are left alone. A chunk whose worker died is recorded
-- in the error log; one that has died as often as it may fail is dead. Locks: the chunk row, the config row.
create or replace function silver.retake_chunk(chunk_id bigint)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  source integer;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = retake_chunk.chunk_id for update skip locked;
  if c.chunk_id is null then
    return false;
  end if;
  select r.source_id into strict source from silver.timeseries_rollup_config r where r.rollup_id = c.rollup_id;
  if not exists (select from silver.due_retries(source, array[c.rollup_id]) as due where due = c.chunk_id) then
    return false;
  end if;
  if c.state = 'running' then
    if silver.fail_chunk(c.chunk_id, c.worker_id, c.attempt, jsonb_build_object(
        'message', format('worker %s ended without a word', c.worker_id), 'trace', c.trace)) = 'dead'
    then
      return false;
    end if;
  end if;
  update silver.timeseries_chunk ch set delivered_by = 'call' where ch.chunk_id = c.chunk_id;
  return silver.start_chunk(c.chunk_id, silver.caller_id(), c.attempt + 1, null) = 'started';
exception when lock_not_available then
  return false;
end
$$;
