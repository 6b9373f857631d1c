-- silver.adopt_source(source_id): brings tracking in line with the partition tree: puts triggers on new members, logs the
-- whole time of every member that was attached full, lacked a trigger, or had one disabled, parts with those that left
-- (silver.part_with_members), and stores the tree as adopted. A tree restored from a dump is logged whole, and its drains are dropped.
-- True when the source is adopted; false when a member is locked by others, cannot be tracked, or a trigger of it is disabled
-- now: its time stays unsettled and the next call tries again. The caller holds silver.lock_source and consumes the log afterwards, in the
-- same transaction.
-- SECURITY DEFINER: a scheduler owns no source, and only an owner may give a table triggers that fire always.
-- Locks: SHARE ROW EXCLUSIVE on new members, waiting at most a second, until commit; the progress rows when a member left.
create or replace function silver.adopt_source(source_id integer)
returns boolean
language plpgsql strict security definer
set search_path = pg_catalog, pg_temp
set jit = off
set lock_timeout = '1s'
as $$
declare
  src silver.timeseries_tracked_source;
  tree silver.timeseries_source_tree;
  changed record;
begin
  select * into src from silver.timeseries_tracked_source s where s.source_id = adopt_source.source_id;
  select * into tree from silver.timeseries_source_tree t where t.source_id = src.source_id;
  if src.kind <> 'raw' or not src.tracking
    or tree.fingerprint = silver.tree_fingerprint(tree.members, tree.parents, tree.functions)
  then
    return true;
  end if;
  if exists (select from silver.members_of(src.source_table, '{}') m where not m.is_trackable) then
    return false; -- silver.check_source says which.
  end if;
  if not silver.adopt_members(source_id, interval '1 second') then
    return false; -- Those that were free have their triggers now.
  end if;
  if exists (select from silver.disabled_triggers(source_id)) then
    return false;
  end if;
  select * into changed from silver.changed_members(source_id);
  if src.source_table <> all (tree.members) then
    -- Restored from a dump, where the transactions that drains wait for mean nothing; all of it is computed again anyway.
    delete from silver.timeseries_drain d where d.source_id = src.source_id;
  end if;
  if not isempty(changed.joined) then
    insert into silver.timeseries_invalidation_log (source_id, touched) values (src.source_id, changed.joined);
  end if;
  perform silver.part_with_members(source_id, changed.joined, changed.departed);

  insert into silver.timeseries_source_tree as t (source_id, members, bounds, fingerprints, parents, functions, fingerprint)
  select src.source_id, n.members, n.bounds, n.fingerprints, n.parents, n.functions,
    silver.tree_fingerprint(n.members, n.parents, n.functions)
  from (
    select array_agg(m.member order by m.member) as members, array_agg(b.bounds order by m.member) as bounds,
      array_agg(m.fingerprint order by m.member) as fingerprints,
      coalesce(array_agg(m.member order by m.member) filter (where m.is_parent), '{}') as parents, f.oids as functions
    from silver.tracking_functions(src.source_id) as f (oids)
    cross join lateral silver.members_of(src.source_table, f.oids) m
    join silver.member_bounds(src.source_table, src.time_column, src.time_zone) b on b.member = m.member
    group by f.oids
  ) as n
  on conflict on constraint timeseries_source_tree_pkey do update
  set members = excluded.members, bounds = excluded.bounds, fingerprints = excluded.fingerprints, parents = excluded.parents,
    functions = excluded.functions, fingerprint = excluded.fingerprint, adopted_at = clock_timestamp(),
    gone = (t.gone + changed.departed) - changed.joined;
  return true;
end
$$;

revoke all on function silver.adopt_source(integer) from public;
