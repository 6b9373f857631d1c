-- silver.members_of(source): the partition tree as it is now: for each member a fingerprint of its place in the tree and
-- of its tracking triggers, {"<oid>": "<fingerprint>"}. A member attached, detached, re-attached, or whose trigger was
-- dropped, disabled or enabled again has another one; row versions (xmin) betray what names and oids do not.
-- Compared in the reader's own snapshot by silver.unsettled. Stable; takes no locks.
create or replace function silver.members_of(source regclass)
returns jsonb
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive member (oid, place) as (
    select source::oid, ''
    union all
    select i.inhrelid, format('%s:%s:%s', i.inhparent, i.xmin, i.inhdetachpending)
    from member m join pg_catalog.pg_inherits i on i.inhparent = m.oid
  )
  select jsonb_object_agg(m.oid, m.place || coalesce((
    select ' ' || string_agg(format('%s:%s:%s', t.oid, t.tgenabled, t.xmin), ' ' order by t.oid)
    from pg_catalog.pg_trigger t where t.tgrelid = m.oid and t.tgname like 'silver\_track\_%'), ''))
  from member m
$$;
