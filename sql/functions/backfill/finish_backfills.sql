-- silver.finish_backfills(backfill_ids): marks those of them finished that have nothing left of any rollup and were not cancelled. Their rows are locked first, so that
-- of two chunks of different rollups that end at once the second sees what the first has done.
-- Locks: the rows of the backfills.
create or replace function silver.finish_backfills(backfill_ids bigint[])
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from silver.timeseries_backfill b where b.backfill_id = any (backfill_ids) order by b.backfill_id for no key update;
  update silver.timeseries_backfill b set state = 'finished', finished_at = clock_timestamp()
  where b.backfill_id = any (backfill_ids) and b.state = 'open'
    and not exists (
      select from silver.timeseries_backfill_part p where p.backfill_id = b.backfill_id and not isempty(p.remaining));
end
$$;
