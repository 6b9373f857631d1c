-- silver.lock_source_tree(source_id): keeps partitions of a raw source from being detached or dropped until the transaction ends, as reading
-- the source would: DETACH and DROP lock the table above for themselves. Needs SELECT on the source, as reading it does.
-- Locks: ACCESS SHARE on the source; where it has partitions of partitions, on all members.
create or replace function silver.lock_source_tree(source_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  src silver.timeseries_tracked_source;
begin
  select * into src from silver.timeseries_tracked_source s where s.source_id = lock_source_tree.source_id;
  if src.kind <> 'raw' then
    return;
  end if;
  execute format('lock table only %s in access share mode', src.source_table);
  if exists (
    select from silver.timeseries_source_tree t where t.source_id = src.source_id and cardinality(t.parents) > 1)
  then
    execute format('select from %s limit 0', src.source_table); -- Planning it locks them all.
  end if;
end
$$;
