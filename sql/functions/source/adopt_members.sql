-- silver.adopt_members(source_id): puts the tracking triggers on every member of the source's partition tree that lacks
-- one of them. Statement triggers fire for the named table only, so each member needs its own: a row inserted straight into a
-- leaf would go unseen otherwise. They are ENABLE ALWAYS: session_replication_role = replica must not silence them.
-- Two row triggers see what no statement trigger sees. Rows that a MERGE moves between partitions are missing from its transition tables
-- (PostgreSQL 15), so on a partitioned source one, sorted last, logs every update that changes the time or a partition key. And the
-- worker that applies logical replication fires no statement trigger: the other is ENABLE REPLICA, so that it costs nobody else anything.
-- A derived source is written by chunks through its parent table alone: that one has statement triggers, and none else.
-- Member by member, each when its writers leave a gap (silver.lock_member), all within `patience`: one that is busy is passed by and the
-- others have their triggers. True when none lacks any; else the caller tries again later. A member found new after the source's creation may have
-- been attached full: the caller invalidates it. Locks: SHARE ROW EXCLUSIVE on each adopted member, until commit.
create or replace function silver.adopt_members(source_id integer, patience interval)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  src silver.timeseries_tracked_source;
  missing record;
  moved text;
  trigger_name name;
  until constant timestamptz := clock_timestamp() + patience;
  asked oid;
  is_free boolean;
  complete boolean := true;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = adopt_members.source_id;
  for missing in
    select m.member, k.event, k.tables, exists (
        select from pg_catalog.pg_trigger t where t.tgrelid = m.member and t.tgname = 'silver_track_' || k.event) as is_taken
    from (
      select src.source_table as member where src.kind = 'derived'
      union all
      select s from silver.source_members(src.source_table) s where src.kind <> 'derived'
    ) as m
    cross join (values ('insert', 'referencing new table as silver_new'), ('delete', 'referencing old table as silver_old'),
      ('update', 'referencing old table as silver_old new table as silver_new'), ('truncate', '')) as k (event, tables)
    where not exists (
      select from pg_catalog.pg_trigger t
      where t.tgrelid = m.member and t.tgfoid = to_regproc(format('silver.%I', 'track_' || src.source_id))
        and t.tgname in ('silver_track_' || k.event, format('silver_track_%s_%s', k.event, src.source_id)))
    order by m.member::oid, k.event
  loop
    if asked is distinct from missing.member::oid then
      asked := missing.member;
      -- The target of a rollup is written by chunks without a gap, which queue for a moment.
      is_free := src.kind = 'derived' or silver.lock_member(missing.member, until);
      complete := complete and is_free;
    end if;
    continue when not is_free;
    -- A member may be a source of its own, whose triggers have the plain names.
    trigger_name := 'silver_track_' || missing.event || case when missing.is_taken then '_' || src.source_id else '' end;
    execute format('create trigger %I after %s on %s %s for each statement execute function silver.%I()',
      trigger_name, missing.event, missing.member, missing.tables, 'track_' || src.source_id);
    execute format('alter table %s enable always trigger %I', missing.member, trigger_name);
  end loop;
  if src.kind = 'derived' or not complete then
    return complete;
  end if;

  -- Row triggers of a partitioned table reach its partitions by themselves, those to come too, and lock them all; children by INHERITS they do not.
  begin
    trigger_name := 'silver_track_apply_' || src.source_id;
    for missing in
      select m.member from silver.members_of(src.source_table, '{}') m
      where (m.member = src.source_table or exists (
          select from pg_catalog.pg_class c where c.oid = src.source_table and c.relkind <> 'p'))
        and not exists (select from pg_catalog.pg_trigger t where t.tgrelid = m.member and t.tgname = trigger_name)
      order by m.member
    loop
      execute format('create trigger %I after insert or update or delete on %s for each row execute function silver.%I()',
        trigger_name, missing.member::regclass, 'track_apply_' || src.source_id);
      execute format('alter table %s enable replica trigger %I', missing.member::regclass, trigger_name);
    end loop;

    trigger_name := 'zzz_silver_track_move_' || src.source_id;
    if exists (select from pg_catalog.pg_class c where c.oid = src.source_table and c.relkind = 'p')
       and not exists (select from pg_catalog.pg_trigger t where t.tgrelid = src.source_table and t.tgname = trigger_name)
    then
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
      execute format('create trigger %I before update on %s for each row when (%s) execute function silver.%I()',
        trigger_name, src.source_table, moved, 'track_move_' || src.source_id);
      execute format('alter table %s enable always trigger %I', src.source_table, trigger_name);
    end if;
  exception when lock_not_available then
    -- A member that has its own triggers was busy when those of the whole tree wanted it.
    return false;
  end;
  return true;
end
$$;
