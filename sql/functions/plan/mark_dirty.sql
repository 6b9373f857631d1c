-- silver.mark_dirty(source_id, touched): adds a changed range to the dirt of every rollup of the source (silver.mark_rollup).
-- The caller holds the progress rows (silver.lock_progress). Returns the number of rollups dirtied.
create or replace function silver.mark_dirty(source_id integer, touched tstzmultirange)
returns integer
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  one integer;
  dirtied integer := 0;
begin
  for one in select c.rollup_id from silver.timeseries_rollup_config c where c.source_id = mark_dirty.source_id order by c.rollup_id loop
    if silver.mark_rollup(one, touched) then
      dirtied := dirtied + 1;
    end if;
  end loop;
  return dirtied;
end
$$;
