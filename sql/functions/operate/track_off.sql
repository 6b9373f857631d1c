-- silver.track_off(source_table_name): the kill switch: from its commit on the tracking triggers of a source do nothing, without a lock on
-- the source and without touching it. Meanwhile nothing new of it is computed, and the live views of its rollups, which cannot
-- know any more what has changed, compute everything from the source. False when it was off. silver.track_on ends it.
-- Errors: 42P01 no such table; 22023 not a source with triggers of its own.
-- Locks: the tracked_source row. It sets no search_path, so that the source is found as the caller finds it.
create or replace function silver.track_off(source_table_name text)
returns boolean
language sql volatile
as $$
  select silver.switch_tracking(silver.resolve_source('source_table_name', source_table_name), false)
$$;
