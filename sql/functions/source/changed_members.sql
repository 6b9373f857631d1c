-- silver.changed_members(source_id): how the partition tree and its triggers differ from what was adopted: both empty when they do not, which is
-- the common and cheap case. joined: the time of members that were attached, or tampered with, or never adopted, which is
-- so of all that was restored from a dump; departed: the time
-- of those detached or dropped, less joined, which may hold the same rows now. Both are empty for sources that are not raw.
-- Stable, in the caller's snapshot; takes no locks.
create or replace function silver.changed_members(source_id integer, out joined tstzmultirange, out departed tstzmultirange)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  src silver.timeseries_tracked_source;
  tree silver.timeseries_source_tree;
begin
  joined := '{}';
  departed := '{}';
  select * into tree from silver.timeseries_source_tree t where t.source_id = changed_members.source_id;
  if tree.fingerprint = silver.tree_fingerprint(tree.members, tree.parents, tree.functions) then
    return;
  end if;
  select * into src from silver.timeseries_tracked_source s where s.source_id = changed_members.source_id;
  if src.kind <> 'raw' then
    return;
  end if;
  if tree.source_id is null then
    joined := '{(,)}';
    return;
  end if;
  if src.source_table <> all (tree.members) then
    -- Restored from a dump: every table is another, and what was gone is gone here too.
    joined := '{(,)}'::tstzmultirange - tree.gone;
    return;
  end if;
  select coalesce(range_agg(b.bounds) filter (where n.member is not null and n.fingerprint is distinct from w.fingerprint), '{}')
      + coalesce(range_agg(w.bounds) filter (where n.member is not null and n.fingerprint <> w.fingerprint), '{}'),
    coalesce(range_agg(w.bounds) filter (where n.member is null), '{}')
  into joined, departed
  from silver.members_of(src.source_table, tree.functions) n
  full join unnest(tree.members, tree.bounds, tree.fingerprints) as w (member, bounds, fingerprint) on w.member = n.member
  left join silver.member_bounds(src.source_table, src.time_column, src.time_zone) b on b.member = n.member;
  departed := departed - joined;
end
$$;
