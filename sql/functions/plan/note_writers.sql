-- silver.note_writers(source_id): notes, in each drain record that another, committed transaction left, who may still write
-- below the horizon it moved. Returns the number of records noted. A record whose noter crashed is noted by the next
-- caller; until then nothing in its range is planned. The caller holds silver.lock_source. Locks: the drain rows.
create or replace function silver.note_writers(source_id integer)
returns integer
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  noted integer;
begin
  if not exists (
    select from silver.timeseries_drain d where d.source_id = note_writers.source_id and d.writers is null)
  then
    return 0;
  end if;
  update silver.timeseries_drain d
  set writers = silver.writers_of(s.source_table)
  from silver.timeseries_tracked_source s
  where s.source_id = note_writers.source_id and d.source_id = s.source_id
    and d.writers is null and d.noted_after is distinct from pg_current_xact_id_if_assigned();
  get diagnostics noted = row_count;
  return noted;
end
$$;
