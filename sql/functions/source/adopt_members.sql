-- silver.adopt_members(source_id): puts the tracking triggers on every member of the source's partition tree that lacks
-- them. Statement triggers fire for the named table only, so each member needs its own: a row inserted straight into a
-- leaf would go unseen otherwise. They are ENABLE ALWAYS: session_replication_role = replica must not silence them.
-- Rows that a MERGE moves between partitions are missing from its transition tables (PostgreSQL 15), so on a
-- partitioned source a row trigger, sorted last, logs every update that changes the time or a partition key.
-- Returns the members adopted. A member found new after the source's creation may have been attached full: the caller
-- invalidates it. Locks: SHARE ROW EXCLUSIVE on each adopted member, until commit: waits for its writers.
create or replace function silver.adopt_members(source_id integer)
returns setof regclass
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  src silver.timeseries_tracked_source;
  member regclass;
  moved text;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = adopt_members.source_id;
  for member in
    select m from silver.source_members(src.source_table) as m
    where not exists (
      select from pg_catalog.pg_trigger t
      where t.tgrelid = m and t.tgname = 'silver_track_insert' and not t.tgisinternal)
    order by m::oid
  loop
    execute format('create trigger silver_track_insert after insert on %s referencing new table as silver_new
      for each statement execute function silver.%I()', member, 'track_' || source_id);
    execute format('create trigger silver_track_update after update on %s referencing old table as silver_old new table as silver_new
      for each statement execute function silver.%I()', member, 'track_' || source_id);
    execute format('create trigger silver_track_delete after delete on %s referencing old table as silver_old
      for each statement execute function silver.%I()', member, 'track_' || source_id);
    execute format('create trigger silver_track_truncate after truncate on %s
      for each statement execute function silver.%I()', member, 'track_' || source_id);
    execute format('alter table %s enable always trigger silver_track_insert, enable always trigger silver_track_update,
      enable always trigger silver_track_delete, enable always trigger silver_track_truncate', member);
    return next member;
  end loop;

  if exists (select from pg_catalog.pg_class c where c.oid = src.source_table and c.relkind = 'p')
     and not exists (select from pg_catalog.pg_trigger t
       where t.tgrelid = src.source_table and t.tgname = 'zzz_silver_track_move') then
    -- An expression among the keys: any change may move the row.
    select case
      when bool_or(key = 0) then 'old.* is distinct from new.*'
      else string_agg(distinct format('old.%1$I is distinct from new.%1$I', a.attname), ' or ')
      end into moved
    from (
      select p.partrelid, unnest(p.partattrs::smallint[]) as key
      from pg_catalog.pg_partitioned_table p
      where p.partrelid in (select silver.source_members(src.source_table))
      union
      select a.attrelid, a.attnum from pg_catalog.pg_attribute a
      where a.attrelid = src.source_table and a.attname = src.time_column
    ) as keys
    left join pg_catalog.pg_attribute a on a.attrelid = keys.partrelid and a.attnum = keys.key;
    execute format('create trigger zzz_silver_track_move before update on %s for each row when (%s)
      execute function silver.%I()', src.source_table, moved, 'track_move_' || source_id);
    execute format('alter table %s enable always trigger zzz_silver_track_move', src.source_table);
  end if;
end
$$;
