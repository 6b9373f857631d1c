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
begin
  delete from silver.timeseries_tracked_source s where s.source_id = untrack_source.source_id;
  for one in
    select t.tgrelid::regclass as member, t.tgname as name
    from pg_catalog.pg_trigger t
    where t.tgfoid in (
        to_regproc(format('silver.%I', 'track_' || source_id)), to_regproc(format('silver.%I', 'track_move_' || source_id)))
      and t.tgparentid = 0
    order by t.tgrelid, t.tgname
  loop
    execute format('drop trigger %I on %s', one.name, one.member);
  end loop;
  execute format('drop function if exists silver.%I(), silver.%I()', 'track_' || source_id, 'track_move_' || source_id);
end
$$;
