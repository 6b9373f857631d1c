-- silver.adopt_source(source_id): brings tracking in line with the partition tree: puts triggers on new members, logs the
-- whole time of every member that was attached full, lacked a trigger, or had one disabled, and stores the tree as adopted.
-- A member that left (DETACH, DROP) fires nothing; what it held stays in the targets (on_partition_drop keep).
-- True when the source is adopted; false when a member is locked by others or a trigger of it is disabled now: its time stays unsettled and
-- the next call tries again. The caller holds silver.lock_source and consumes the log afterwards, in the same transaction.
-- SECURITY DEFINER: a scheduler owns no source, and only an owner may give a table triggers that fire always.
-- Locks: SHARE ROW EXCLUSIVE on new members, waiting at most a second, until commit.
create or replace function silver.adopt_source(source_id integer)
returns boolean
language plpgsql strict security definer
set search_path = pg_catalog, pg_temp
set jit = off
set lock_timeout = '1s'
as $$
declare
  src silver.timeseries_tracked_source;
  fingerprints jsonb;
  touched tstzmultirange;
begin
  select * into src from silver.timeseries_tracked_source s where s.source_id = adopt_source.source_id;
  if src.kind <> 'raw' or not src.tracking or silver.members_of(src.source_table) = src.members -> 'fingerprints' then
    return true;
  end if;
  begin
    perform silver.adopt_members(source_id);
  exception when lock_not_available then
    return false;
  end;
  fingerprints := silver.members_of(src.source_table);
  if exists (
    select from pg_catalog.pg_trigger t
    where t.tgrelid in (select m from silver.source_members(src.source_table) m)
      and t.tgname like 'silver\_track\_%' and t.tgenabled <> 'A')
  then
    return false;
  end if;
  select range_agg(b.bounds) into touched
  from silver.member_bounds(src.source_table, src.time_column, src.time_zone) b
  where fingerprints ->> b.member::oid::text is distinct from src.members -> 'fingerprints' ->> b.member::oid::text;
  if touched is not null and src.members ? 'fingerprints' then
    insert into silver.timeseries_invalidation_log (source_id, touched) values (src.source_id, touched);
  end if;
  update silver.timeseries_tracked_source s
  set members = jsonb_build_object('fingerprints', fingerprints, 'bounds', (
    select jsonb_object_agg(b.member::oid, b.bounds) from silver.member_bounds(src.source_table, src.time_column, src.time_zone) b))
  where s.source_id = src.source_id;
  return true;
end
$$;

revoke all on function silver.adopt_source(integer) from public;
