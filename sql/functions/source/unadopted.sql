-- silver.unadopted(source_id): the time of members of a raw source's partition tree that were never adopted, which may be attached full, have no triggers
-- yet, and may leave again without a trace. Empty when the tree is as adopted, which is the common and cheap case. Stable; takes no locks.
create or replace function silver.unadopted(source_id integer)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  src silver.timeseries_tracked_source;
  tree silver.timeseries_source_tree;
begin
  select * into tree from silver.timeseries_source_tree t where t.source_id = unadopted.source_id;
  if tree.source_id is null or tree.fingerprint = silver.tree_fingerprint(tree.members, tree.parents, tree.functions) then
    return '{}';
  end if;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = unadopted.source_id;
  return coalesce((
    select range_agg(b.bounds) from silver.member_bounds(src.source_table, src.time_column, src.time_zone) b
    where b.member <> all (tree.members)), '{}');
end
$$;
