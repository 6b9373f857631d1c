-- silver.backfill_left(rollup_id): what the open backfills of a rollup still have to do, and what of the time it is to cover is there for their sake
-- alone, so that it is not live work. Empty when there are none. Stable; takes no locks.
create or replace function silver.backfill_left(rollup_id integer, out remaining tstzmultirange, out added tstzmultirange)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(range_agg(p.remaining), '{}'), coalesce(range_agg(p.added), '{}')
  from silver.timeseries_backfill_part p
  where p.rollup_id = backfill_left.rollup_id and not isempty(p.remaining)
$$;
