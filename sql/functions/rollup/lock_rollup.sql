-- silver.lock_rollup(rollup_id): waits until nobody plans the rollup's source or computes a chunk of it, and keeps both off until the transaction ends.
-- Errors: 55P03 after the caller's lock_timeout, with the remedy. Locks: silver.lock_source; the source's row; the rollup's chunks and progress.
create or replace function silver.lock_rollup(rollup_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = lock_rollup.rollup_id;
  perform pg_advisory_xact_lock(hashtext('silver.plan'), r.source_id);
  perform from silver.timeseries_tracked_source s where s.source_id = r.source_id for update;
  perform from silver.timeseries_chunk c where c.rollup_id = r.rollup_id order by c.chunk_id for update;
  perform from silver.timeseries_progress p where p.rollup_id = r.rollup_id for update;
exception when lock_not_available then
  raise exception '% is being planned or computed', r.target_table using errcode = '55P03',
    hint = format('SELECT silver.pause_rollup(%L); and try again when its chunks have ended.', r.target_table::text);
end
$$;
