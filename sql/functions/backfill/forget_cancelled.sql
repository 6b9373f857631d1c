-- silver.forget_cancelled(rollup_id): takes back what cancelled backfills had added to what the rollup is to cover, as far as it was never computed, is in no
-- chunk, and no open backfill has it left. What they have computed stays, and is kept right like everything covered.
-- Idempotent. Locks: the progress row.
create or replace function silver.forget_cancelled(rollup_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  forgotten tstzmultirange;
begin
  if not exists (
    select from silver.timeseries_backfill_part p join silver.timeseries_backfill b on b.backfill_id = p.backfill_id
    where p.rollup_id = forget_cancelled.rollup_id and b.state = 'cancelled' and not isempty(p.added))
  then
    return;
  end if;
  perform from silver.timeseries_progress p where p.rollup_id = forget_cancelled.rollup_id for update;
  select range_agg(p.added) into forgotten
  from silver.timeseries_backfill_part p join silver.timeseries_backfill b on b.backfill_id = p.backfill_id
  where p.rollup_id = forget_cancelled.rollup_id and b.state = 'cancelled';
  update silver.timeseries_progress p
  set wanted = p.wanted - gone.ranges, dirty = p.dirty - gone.ranges
  from (
    select forgotten - q.covered - silver.in_flight(q.rollup_id) - ordered.remaining as ranges
    from silver.timeseries_progress q cross join lateral silver.backfill_left(q.rollup_id) ordered
    where q.rollup_id = forget_cancelled.rollup_id
  ) as gone
  where p.rollup_id = forget_cancelled.rollup_id and p.wanted && gone.ranges;
end
$$;
