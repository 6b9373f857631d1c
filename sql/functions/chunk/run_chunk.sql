-- silver.run_chunk(chunk_id, worker_id, attempt): computes one chunk: target rows, coverage, refresh log and the removal of the
-- chunk row happen in the caller's transaction, which also completes the job: together or not at all (promise 2).
-- The children's dirtiness is logged by the target's own triggers in the same transaction.
-- Buckets whose source is partly gone (silver.kept_buckets) are left as they are, also when a partition left after the chunk was planned.
-- What was read of members not adopted yet (silver.unadopted) is dirty once more: should they leave before they are, nobody would know of it.
-- outcome: 'completed'; 'superseded' when the chunk is gone or dead; 'deferred' when another attempt still holds it (never waits).
-- Idempotent: a second attempt finds no chunk. Locks, in this order, which the planner respects: chunk row, target
-- rows, progress row, those of its backfills, config row; progress and what follows are taken last, for the moment of the commit.
create or replace function silver.run_chunk(chunk_id bigint, worker_id text, attempt integer)
returns table (outcome text, rollup_id integer, buckets bigint, rows_read bigint, rows_inserted bigint,
  rows_updated bigint, rows_deleted bigint, duration_ms double precision)
language plpgsql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  r silver.timeseries_rollup_config;
  range tstzrange;
  kept tstzmultirange;
  unseen tstzmultirange;
  one record;
  added text;
  began timestamptz := clock_timestamp();
begin
  rows_read := 0;
  rows_inserted := 0;
  rows_updated := 0;
  rows_deleted := 0;
  begin
    select * into c from silver.timeseries_chunk ch where ch.chunk_id = run_chunk.chunk_id for update nowait;
  exception when lock_not_available then
    outcome := 'deferred';
    return next;
    return;
  end;
  if c.chunk_id is null or c.state = 'dead' then
    outcome := 'superseded';
    return next;
    return;
  end if;
  rollup_id := c.rollup_id;
  buckets := c.buckets;
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = c.rollup_id;
  if silver.shape_of(r.rollup_id) <> (select s.shape from silver.timeseries_rollup_statement s where s.rollup_id = r.rollup_id) then
    raise exception 'the source of % changed shape: a column it reads was dropped, renamed or retyped, or a table was renamed', r.target_table
      using errcode = '55000', hint = format('SELECT * FROM silver.sync_rollup(%L); follows the source, and says what changed.'
        ' SELECT * FROM silver.validate_rollup_config(); says which column it is.', r.target_table::text);
  end if;
  added := (select string_agg(quote_ident(a), ', ') from silver.added_columns(r.rollup_id) a);
  if added is not null then
    raise warning '% does not keep %, which came to its source', r.target_table, added
      using hint = format('SELECT * FROM silver.sync_rollup(%L); keeps it, sync_rollup(%1$L, exclude => …) leaves it out.', r.target_table::text);
  end if;
  perform set_config('work_mem', r.work_mem, true);

  -- From here until the commit no partition leaves: what is found gone now is all that will be.
  perform silver.lock_source_tree(r.source_id);
  kept := silver.kept_buckets(r.rollup_id);
  for range in select unnest(c.ranges - kept) loop
    select * into one from silver.refresh_range(r.rollup_id, range);
    rows_read := rows_read + one.rows_read;
    rows_inserted := rows_inserted + one.rows_inserted;
    rows_updated := rows_updated + one.rows_updated;
    rows_deleted := rows_deleted + one.rows_deleted;
  end loop;

  delete from silver.timeseries_chunk ch where ch.chunk_id = c.chunk_id;
  perform silver.advance_backfills(c);
  unseen := silver.unadopted(r.source_id) * (c.ranges - kept);
  update silver.timeseries_progress p
  set covered = p.covered + c.ranges * p.wanted,
    dirty = case when isempty(unseen) then p.dirty
      else p.dirty + silver.widen_to_buckets(unseen, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin) * p.wanted end
  where p.rollup_id = r.rollup_id;
  duration_ms := extract(epoch from clock_timestamp() - began) * 1000;
  perform silver.log_rollup_success(r.rollup_id, c, worker_id, attempt, began, duration_ms,
    rows_read, rows_inserted, rows_updated, rows_deleted);
  perform silver.show_rollup_state(r.rollup_id);
  perform pg_notify('silver_wake', '');
  outcome := 'completed';
  return next;
end
$$;
