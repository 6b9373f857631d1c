-- silver.untrack_source(source_id): forgets a source that no rollup reads any more: its tracking triggers, on every member that has them,
-- their functions, its drains and its log. Errors: 23503 when a rollup still reads it; 55P03 when a member is locked for longer than
-- the lock_timeout. Locks: ACCESS EXCLUSIVE on the members, for the moment of the DROP, until the transaction ends.
create or replace function silver.untrack_source(source_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  one record;
  functions constant oid[] := silver.tracking_functions(source_id);
begin
  delete from silver.timeseries_tracked_source s where s.source_id = untrack_source.source_id;
  for one in
    select t.tgrelid::regclass as member, t.tgname as name
    from pg_catalog.pg_trigger t
    where t.tgfoid = any (functions) and t.tgparentid = 0
    order by t.tgrelid, t.tgname
  loop
    execute format('drop trigger %I on %s', one.name, one.member);
  end loop;
  perform silver.drop_tracking(source_id);
  -- Last: whoever was writing has ended, for the triggers could not be dropped before.
  delete from silver.timeseries_invalidation_log l where l.source_id = untrack_source.source_id;
end
$$;
