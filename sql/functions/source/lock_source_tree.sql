-- silver.lock_source_tree(source_id): keeps partitions of a raw source from being detached or dropped until the transaction ends, as reading
-- the source would: DETACH and DROP lock the table above for themselves. Leaves are not locked: DDL held open on one stops the
-- chunks that read it and no others. Needs SELECT on the source, as reading it does; where the caller has none on a partitioned partition, all members
-- are locked instead, by reading none of their rows.
-- Locks: ACCESS SHARE on the source and its partitioned partitions.
create or replace function silver.lock_source_tree(source_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  src silver.timeseries_tracked_source;
  parents regclass[];
begin
  select * into src from silver.timeseries_tracked_source s where s.source_id = lock_source_tree.source_id;
  if src.kind <> 'raw' then
    return;
  end if;
  execute format('lock table only %s in access share mode', src.source_table);
  -- Under that lock nothing leaves the root, and what has left is not there to be named.
  select array_agg(m) into parents
  from silver.timeseries_source_tree t cross join lateral unnest(t.parents) m
  join pg_catalog.pg_class k on k.oid = m
  where t.source_id = src.source_id and cardinality(t.parents) > 1 and m <> src.source_table;
  if exists (select from unnest(parents) p where not has_table_privilege(p, 'select')) then
    execute format('select from %s limit 0', src.source_table); -- Planning it locks them all.
  elsif parents is not null then
    execute format('lock table only %s in access share mode', array_to_string(parents, ', only '));
  end if;
end
$$;
