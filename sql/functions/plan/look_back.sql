-- silver.look_back(source_id): for a source without triggers (look_back mode): each time a bucket has fallen due, the last
-- look_back_window of each of its rollups becomes dirty once more. What it cannot see: a change older than that window, until
-- silver.invalidate says so. True when it did. The horizon of such a source is the last instant it looked back from.
-- The caller holds silver.lock_source and the progress rows. Locks: the tracked_source row.
create or replace function silver.look_back(source_id integer)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  src silver.timeseries_tracked_source;
  until timestamptz;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = look_back.source_id;
  if src.kind <> 'untracked' then
    return false;
  end if;
  select max(silver.due_until(r.rollup_id)) into until
  from silver.timeseries_rollup_config r where r.source_id = look_back.source_id;
  if until is null or until <= src.horizon then
    return false;
  end if;
  update silver.timeseries_progress p
  set dirty = p.dirty + (p.covered - tstzmultirange(tstzrange(null, p.frozen_until))) * silver.widen_to_buckets(
    tstzmultirange(tstzrange(until - r.look_back_window, until)), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
  from silver.timeseries_rollup_config r
  where r.source_id = src.source_id and p.rollup_id = r.rollup_id;
  update silver.timeseries_tracked_source s set horizon = until where s.source_id = src.source_id;
  return true;
end
$$;
