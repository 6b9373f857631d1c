-- silver.advance_backfills(chunk, covered): takes what a chunk has computed out of what the backfills of its rollup have left, and finishes those that have nothing
-- left; so whichever chunk computes a bucket first, of whatever reason, computes it for all of them. A bucket that was covered when it was ordered
-- counts only if the chunk was planned or began after the order, or it might have been read before.
-- covered: what of the chunk was covered before it. Called within the chunk's transaction, which has the progress row. Locks: the rows of the rollup's parts and, of a backfill
-- that may be finished, its own.
create or replace function silver.advance_backfills(chunk silver.timeseries_chunk, covered tstzmultirange)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  done bigint[];
begin
  with advanced as (
    update silver.timeseries_backfill_part p
    set remaining = p.remaining - case
      when greatest(chunk.planned_at, now()) >= b.created_at then chunk.ranges else chunk.ranges - advance_backfills.covered end
    from silver.timeseries_backfill b
    where p.rollup_id = chunk.rollup_id and not isempty(p.remaining) and p.remaining && chunk.ranges and b.backfill_id = p.backfill_id
    returning p.backfill_id, p.remaining
  )
  select array_agg(a.backfill_id order by a.backfill_id) into done from advanced a where isempty(a.remaining);
  if done is not null then
    perform silver.finish_backfills(done);
  end if;
end
$$;
