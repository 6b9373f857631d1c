-- silver.run_chunk(chunk_id, worker_id, attempt): computes one chunk: target rows, coverage, refresh log and the removal of the
-- chunk row happen in the caller's transaction, which also completes the job: together or not at all (promise 2).
-- The children's dirtiness is logged by the target's own triggers in the same transaction.
-- Where the groups that changed are known, and it is cheaper, just they are computed (silver.refresh_groups). Such buckets were covered, and are covered
-- still if nothing took that away meanwhile: the chunk covers what it computed whole.
-- Buckets whose source is partly gone (silver.kept_buckets) are left as they are, also when a partition left after the chunk was planned.
-- What was read of members not adopted yet (silver.unadopted) is dirty once more: should they leave before they are, nobody would know of it.
-- outcome: 'completed'; 'superseded' when the chunk is gone or dead; 'deferred' when another attempt still holds it (never waits).
-- steps: for the trace of a chunk that carries one, else null: what was done one after the other, each with until_ms, when it had ended, in ms
-- since the function began (silver.note_step): lock, the rows and the tree; refresh_groups; refresh_range, one for each range; record, all the rest.
-- Idempotent: a second attempt finds no chunk. Locks, in this order, which the planner respects: chunk row, target
-- rows, progress row, those of its backfills, config row; progress and what follows are taken last, for the moment of the commit.
create or replace function silver.run_chunk(chunk_id bigint, worker_id text, attempt integer)
returns table (outcome text, rollup_id integer, buckets bigint, rows_read bigint, rows_inserted bigint,
  rows_updated bigint, rows_deleted bigint, duration_ms double precision, steps jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  whole silver.timeseries_chunk;
  r silver.timeseries_rollup_config;
  range tstzrange;
  kept tstzmultirange;
  unseen tstzmultirange;
  precise tstzmultirange;
  by_group tstzmultirange := '{}';
  groups bigint;
  groups_cost double precision;
  buckets_cost double precision;
  one record;
  compiled record;
  covered tstzmultirange;
  began timestamptz := clock_timestamp();
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
  rollup_id := c.rollup_id;
  buckets := c.buckets;
  steps := case when c.trace is not null then jsonb '[]' end;
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = c.rollup_id;
  select s.shape, s.looked_at_columns into strict compiled from silver.timeseries_rollup_statement s where s.rollup_id = r.rollup_id;
  if compiled.looked_at_columns is distinct from silver.columns_fingerprint(r.rollup_id) then
    perform silver.check_shape(r, compiled.shape);
  end if;
  perform set_config('work_mem', r.work_mem, true);

  -- From here until the commit no partition leaves: what is found gone now is all that will be.
  perform silver.lock_source_tree(r.source_id);
  kept := silver.kept_buckets(r.rollup_id);
  if steps is not null then
    steps := silver.note_step(steps, 'lock', began);
  end if;
  if not isempty(c.precise) then
    select c.precise * p.covered - kept into strict precise from silver.timeseries_progress p where p.rollup_id = r.rollup_id;
    select * into one from silver.refresh_groups(r.rollup_id, precise);
    groups_cost := one.groups_cost;
    buckets_cost := one.buckets_cost;
    if not isempty(one.computed) then
      by_group := one.computed;
      groups := one.groups;
      rows_read := one.rows_read;
      rows_inserted := one.rows_inserted;
      rows_updated := one.rows_updated;
      rows_deleted := one.rows_deleted;
    end if;
    if steps is not null then
      steps := silver.note_step(steps, 'refresh_groups', began, by_group, coalesce(groups, 0),
        rows_read, rows_inserted, rows_updated, rows_deleted);
    end if;
  end if;
  for range in select unnest(c.ranges - kept - by_group) loop
    select * into one from silver.refresh_range(r.rollup_id, range);
    rows_read := rows_read + one.rows_read;
    rows_inserted := rows_inserted + one.rows_inserted;
    rows_updated := rows_updated + one.rows_updated;
    rows_deleted := rows_deleted + one.rows_deleted;
    if steps is not null then
      steps := silver.note_step(steps, 'refresh_range', began, tstzmultirange(range), null,
        one.rows_read, one.rows_inserted, one.rows_updated, one.rows_deleted);
    end if;
  end loop;

  delete from silver.timeseries_chunk ch where ch.chunk_id = c.chunk_id;
  unseen := silver.widen_to_buckets(silver.unadopted(r.source_id) * (c.ranges - kept), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  covered := (select p.covered * c.ranges from silver.timeseries_progress p where p.rollup_id = r.rollup_id);
  update silver.timeseries_progress p
  set covered = p.covered + (c.ranges - by_group) * p.wanted, dirty = p.dirty + unseen * p.wanted, precise = p.precise - unseen
  where p.rollup_id = r.rollup_id;
  if exists (select from silver.timeseries_backfill_part b where b.rollup_id = r.rollup_id and not isempty(b.remaining)) then
    whole := c;
    whole.ranges := c.ranges - by_group; -- Whoever ordered a bucket wants all of it.
    perform silver.advance_backfills(whole, covered);
  end if;
  duration_ms := extract(epoch from clock_timestamp() - began) * 1000;
  perform silver.log_rollup_success(r.rollup_id, c, worker_id, attempt, began, duration_ms,
    rows_read, rows_inserted, rows_updated, rows_deleted, groups, groups_cost, buckets_cost);
  perform silver.show_rollup_state(r.rollup_id);
  -- A scheduler plans anew when at most half of what may be in flight is (silver.source_is_due); until then, and where nothing waits for this table,
  -- waking it would cost more than the chunk. Told apart from a command, after which every source is looked at anew.
  if c.reason = 'backfill' or exists (select from silver.timeseries_tracked_source s where s.source_table = r.target_table)
    or (select count(*) from silver.timeseries_chunk o where o.rollup_id = r.rollup_id and o.state in ('queued', 'running')) * 2 <= r.max_in_flight
  then
    perform pg_notify('silver_wake', 'chunk');
  end if;
  if steps is not null then
    steps := silver.note_step(steps, 'record', began);
  end if;
  outcome := 'completed';
  return next;
end
$$;
