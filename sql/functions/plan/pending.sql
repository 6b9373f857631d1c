-- silver.pending(rollup_id): what must be done now, in whole buckets: the set algebra of promise 4.
--   forward   wanted and computable, never covered, in no chunk, and not there for the sake of a backfill alone
--   late      covered and dirty, in no chunk
--   backfill  what open backfills still have to do and is computable, in no chunk, neither forward nor late: live work goes first; and
--             not where the parent has a backfill of its own before it, which would only have to be followed by another
-- The three are disjoint. Stable; takes no locks.
create or replace function silver.pending(
  rollup_id integer, out forward tstzmultirange, out late tstzmultirange, out backfill tstzmultirange)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  p silver.timeseries_progress;
  computable tstzmultirange := silver.computable(rollup_id);
  in_flight tstzmultirange := silver.in_flight(rollup_id);
  ordered record;
  before tstzmultirange;
begin
  select * into strict p from silver.timeseries_progress pr where pr.rollup_id = pending.rollup_id;
  forward := p.wanted * computable - p.covered - in_flight;
  late := p.dirty * p.covered * computable - in_flight;
  backfill := '{}';
  if exists (select from silver.timeseries_backfill_part b where b.rollup_id = pending.rollup_id and not isempty(b.remaining)) then
    select * into strict ordered from silver.backfill_left(rollup_id);
    forward := forward - ordered.added;
    backfill := ordered.remaining * p.wanted * computable - forward - late - in_flight;
    select silver.widen_to_buckets(above.remaining * backfill, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin) into before
    from silver.timeseries_rollup_config r
    join silver.timeseries_tracked_source s on s.source_id = r.source_id and s.kind = 'derived'
    join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
    cross join lateral silver.backfill_left(parent.rollup_id) above
    where r.rollup_id = pending.rollup_id;
    backfill := backfill - coalesce(before, '{}');
  end if;
end
$$;
