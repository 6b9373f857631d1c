-- silver.track_on(source_table_name): turns tracking on again. Whatever was written meanwhile went unseen, so everything computed of the source
-- is dirty afterwards. False when it was on. Errors: 42P01 no such table; 22023 not a source with triggers of its own; 55P03
-- when its writers did not end within five seconds: then it stays off; try again.
-- Locks: SHARE ROW EXCLUSIVE on the source and its partitions until the transaction ends: waits for their writers, so that none whose
-- statement began without tracking commits unseen. It sets no search_path, so that the source is found as the caller finds it.
create or replace function silver.track_on(source_table_name text)
returns boolean
language sql volatile
as $$
  select silver.switch_tracking(silver.resolve_source('source_table_name', source_table_name), true)
$$;
