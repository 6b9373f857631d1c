-- silver.changed_members(source_id): the time of the members that were attached, detached or tampered with since they were
-- adopted: empty when the tree and its triggers are as adopted, which is the common and cheap case.
-- A member that left (detached, dropped) counts with the bounds it had. Stable; takes no locks.
create or replace function silver.changed_members(source_id integer)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  src silver.timeseries_tracked_source;
  now_there jsonb;
  changed tstzmultirange;
begin
  select * into src from silver.timeseries_tracked_source s where s.source_id = changed_members.source_id;
  if src.kind <> 'raw' then
    return '{}';
  end if;
  now_there := silver.members_of(src.source_table);
  if now_there = src.members -> 'fingerprints' then
    return '{}';
  end if;
  select range_agg(coalesce(
    b.bounds,
    (src.members -> 'bounds' ->> k.key)::tstzrange, '(,)'))
  into changed
  from jsonb_object_keys(coalesce(now_there, '{}') || coalesce(src.members -> 'fingerprints', '{}')) as k (key)
  left join jsonb_each_text(now_there) as t on t.key = k.key
  left join jsonb_each_text(src.members -> 'fingerprints') as w on w.key = k.key
  left join silver.member_bounds(src.source_table, src.time_column, src.time_zone) b on b.member::oid::text = k.key
  where t.value is distinct from w.value;
  return coalesce(changed, '{}');
end
$$;
