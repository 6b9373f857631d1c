-- silver.pending(rollup_id): what must be done now, in whole buckets: the set algebra of promise 4.
--   forward  wanted and computable, never covered, in no chunk
--   late     covered and dirty, in no chunk
-- The two are disjoint. Stable; takes no locks.
create or replace function silver.pending(rollup_id integer, out forward tstzmultirange, out late tstzmultirange)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  p silver.timeseries_progress;
  computable tstzmultirange := silver.computable(rollup_id);
  in_flight tstzmultirange := silver.in_flight(rollup_id);
begin
  select * into strict p from silver.timeseries_progress pr where pr.rollup_id = pending.rollup_id;
  forward := p.wanted * computable - p.covered - in_flight;
  late := p.dirty * p.covered * computable - in_flight;
end
$$;
