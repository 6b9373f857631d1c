-- silver.run_chunk(chunk_id, worker_id, attempt): computes one chunk: target rows, coverage, refresh log and the removal of the
-- chunk row happen in the caller's transaction, which also completes the job: together or not at all (promise 2).
-- The children's dirtiness is logged by the target's own triggers in the same transaction.
-- outcome: 'completed'; 'superseded' when the chunk is gone or dead; 'deferred' when another attempt still holds it (never waits).
-- steps: for the trace of a chunk that carries one, else null: those of silver.compute_chunk, and record, all the rest.
-- Idempotent: a second attempt finds no chunk. Locks, in this order, which the planner respects: chunk row, target
-- rows, progress row, those of its backfills, config row; progress and what follows are taken last, for the moment of the commit.
create or replace function silver.run_chunk(chunk_id bigint, worker_id text, attempt integer)
returns table (outcome text, rollup_id integer, buckets bigint, rows_read bigint, rows_inserted bigint,
  rows_updated bigint, rows_deleted bigint, duration_ms double precision, steps jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  done silver.computed_chunk;
begin
  rows_read := 0;
  rows_inserted := 0;
  rows_updated := 0;
  rows_deleted := 0;
  -- Not NOWAIT: catching its error takes a subtransaction, and the row two lockers.
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = run_chunk.chunk_id for update skip locked;
  if c.chunk_id is null or c.state = 'dead' then
    outcome := case when c.chunk_id is null and exists (select from silver.timeseries_chunk ch where ch.chunk_id = run_chunk.chunk_id)
      then 'deferred' else 'superseded' end;
    return next;
    return;
  end if;
  done := silver.compute_chunk(c);
  perform silver.record_chunk(done, worker_id, attempt);
  perform silver.conclude_chunks(c.rollup_id, c.reason = 'backfill');
  outcome := 'completed';
  rollup_id := c.rollup_id;
  buckets := c.buckets;
  rows_read := done.rows_read;
  rows_inserted := done.rows_inserted;
  rows_updated := done.rows_updated;
  rows_deleted := done.rows_deleted;
  duration_ms := done.duration_ms;
  steps := case when done.steps is not null then silver.note_step(done.steps, 'record', done.began) end;
  return next;
end
$$;
