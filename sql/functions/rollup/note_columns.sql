-- silver.note_columns(rollup_id): remembers the columns of the source as they are now (silver.columns_fingerprint), where the rollup's statements fit
-- them and keep them all, so that its chunks need not look at each. Called when it is compiled and when it is maintained.
-- Locks: the statement's row, when it changes.
create or replace function silver.note_columns(rollup_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  seen bigint := silver.columns_fingerprint(rollup_id);
begin
  if exists (
      select from silver.timeseries_rollup_statement s
      where s.rollup_id = note_columns.rollup_id and s.looked_at_columns is distinct from seen)
    and not exists (select from silver.added_columns(note_columns.rollup_id))
  then
    update silver.timeseries_rollup_statement s set looked_at_columns = seen
    where s.rollup_id = note_columns.rollup_id and s.shape = silver.shape_of(note_columns.rollup_id);
  end if;
end
$$;
