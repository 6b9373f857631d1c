-- silver.advance_horizon(source_id): moves the horizon of a raw source to the end of the last bucket that has fallen due for any of its
-- rollups, and leaves a drain record for what it passed. True if it moved. The caller commits before the next step:
-- only writers that start after that commit are sure to see the new horizon, so only then may the others be noted.
-- Moves only when a bucket falls due: each update of the row leaves a version behind for as long as a snapshot is
-- held, and every insert reads it. Locks: the tracked_source row; skipped when another scheduler holds it.
create or replace function silver.advance_horizon(source_id integer)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  src silver.timeseries_tracked_source;
  until timestamptz;
begin
  select * into src from silver.timeseries_tracked_source s
  where s.source_id = advance_horizon.source_id and s.kind = 'raw' and s.tracking
  for no key update skip locked;
  if not found then
    return false;
  end if;
  select max(silver.due_until(r.rollup_id)) into until
  from silver.timeseries_rollup_config r where r.source_id = advance_horizon.source_id;
  if until is null or until <= src.horizon then
    return false;
  end if;
  update silver.timeseries_tracked_source s set horizon = until where s.source_id = src.source_id;
  insert into silver.timeseries_drain (source_id, range)
  values (src.source_id, tstzrange(nullif(src.horizon, '-infinity'), until));
  return true;
end
$$;
