-- silver.record_chunk(done, worker_id, attempt): the second half of a chunk's transaction: writes down what silver.compute_chunk computed: the chunk's row
-- goes, coverage and what backfills have left follow, the refresh log gets its row. The caller shows the rollup's state and wakes schedulers
-- (silver.conclude_chunks). Locks, in this order, which the planner respects: progress row, those of its backfills, config row; taken
-- for the moment of the commit.
create or replace function silver.record_chunk(done silver.computed_chunk, worker_id text, attempt integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  c silver.timeseries_chunk := done.chunk;
  covered tstzmultirange;
begin
  delete from silver.timeseries_chunk ch where ch.chunk_id = c.chunk_id;
  covered := (select p.covered * c.ranges from silver.timeseries_progress p where p.rollup_id = c.rollup_id);
  update silver.timeseries_progress p
  set covered = p.covered + (c.ranges - done.by_group) * p.wanted, dirty = p.dirty + done.unseen * p.wanted, precise = p.precise - done.unseen
  where p.rollup_id = c.rollup_id;
  if exists (select from silver.timeseries_backfill_part b where b.rollup_id = c.rollup_id and not isempty(b.remaining)) then
    c.ranges := c.ranges - done.by_group; -- Whoever ordered a bucket wants all of it.
    perform silver.advance_backfills(c, covered);
  end if;
  perform silver.log_rollup_success(c.rollup_id, done.chunk, worker_id, attempt, done.began, done.duration_ms,
    done.rows_read, done.rows_inserted, done.rows_updated, done.rows_deleted, done.groups, done.groups_cost, done.buckets_cost);
end
$$;
