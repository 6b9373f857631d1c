-- silver.stamp_dirty(): keeps timeseries_progress.dirty_since: set when dirty stops being empty, gone when it is empty again; and precise within
-- dirty. A trigger, for a dozen functions change dirty, and each forgetting would make a lag wrong in silence. What is added to dirty is not
-- precise by itself; whoever adds whole buckets that may be dirty already takes them out of precise. Locks: none of its own.
create or replace function silver.stamp_dirty()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if isempty(new.dirty) then
    new.dirty_since := null;
  elsif tg_op = 'INSERT' or isempty(old.dirty) then
    new.dirty_since := coalesce(new.dirty_since, clock_timestamp());
  end if;
  if not isempty(new.precise) then
    new.precise := new.precise * new.dirty;
  end if;
  return new;
end
$$;

create or replace trigger timeseries_progress_stamp_dirty
  before insert or update of dirty on silver.timeseries_progress
  for each row execute function silver.stamp_dirty();
