-- silver.release_chunk(chunk_id): removes a chunk that will not run, and in the same transaction gives what was covered of it back to dirty, where
-- planning had taken it from, by group what was precise there and still is; what was never covered, and what a backfill has left, becomes pending again by itself; unless that backfill was
-- cancelled meanwhile. The only way but its commit by which a chunk leaves.
-- True when it was released; false when it is gone or an attempt holds it. Locks: chunk row, progress row, config row.
create or replace function silver.release_chunk(chunk_id bigint)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = release_chunk.chunk_id for update skip locked;
  if c.chunk_id is null then
    return false;
  end if;
  delete from silver.timeseries_chunk ch where ch.chunk_id = c.chunk_id;
  if c.reason = 'backfill' then
    perform silver.forget_cancelled(c.rollup_id);
  else
    update silver.timeseries_progress p set dirty = p.dirty + c.ranges * p.covered,
      precise = p.precise - (c.ranges - c.precise) + (c.precise * p.covered - (p.dirty - p.precise))
    where p.rollup_id = c.rollup_id;
  end if;
  perform silver.show_rollup_state(c.rollup_id);
  perform pg_notify('silver_wake', '');
  return true;
end
$$;
