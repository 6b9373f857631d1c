-- silver.members_of(source, functions): the partition tree as it is now, one row a member: its place in the tree and the triggers on it that call
-- one of the functions, hashed; whether tables may be attached below it; and whether it can be tracked: no foreign table fires
-- a trigger with transition tables, and what an unlogged one held is gone after a crash, without a trace. Stable; takes no locks.
create or replace function silver.members_of(source regclass, functions oid[])
returns table (member oid, fingerprint bigint, is_parent boolean, is_trackable boolean)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select m::oid,
    coalesce((select bit_xor(hash_record_extended(row(i.inhparent, i.xmin), 0)) from pg_catalog.pg_inherits i where i.inhrelid = m), 0)
      # coalesce((
        select hashint8extended(count(*), 1) # bit_xor(hash_record_extended(row(t.oid, t.xmin, t.tgenabled), 0))
        from pg_catalog.pg_trigger t where t.tgrelid = m and t.tgfoid = any (members_of.functions)), 0),
    c.relkind = 'p' or root.relkind <> 'p',
    c.relkind in ('r', 'p') and (c.relpersistence = 'p' or c.relkind = 'p')
  from silver.source_members(source) m
  join pg_catalog.pg_class c on c.oid = m
  join pg_catalog.pg_class root on root.oid = source
$$;
