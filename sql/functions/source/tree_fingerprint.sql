-- silver.tree_fingerprint(members, parents, functions): a number that changes when a table is attached below one of the parents or
-- detached from it, and when a trigger with one of the functions is created, dropped, disabled or enabled on one of the members. Row versions
-- (xmin) betray what names and oids do not. Two index-served reads, no recursion: every query of a live view computes it, in its
-- own snapshot (0.3 ms for 181 members, where building each member's text took 1.3). Stable; takes no locks.
create or replace function silver.tree_fingerprint(members oid[], parents oid[], functions oid[])
returns bigint
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  below bigint;
  tracked bigint;
begin
  select hashint8extended(count(*), 1) # coalesce(bit_xor(hash_record_extended(
    row(i.inhrelid, i.inhparent, i.xmin, i.inhdetachpending), 2)), 0)
  into below
  from pg_catalog.pg_inherits i where i.inhparent = any (tree_fingerprint.parents);
  select hashint8extended(count(*), 3) # coalesce(bit_xor(hash_record_extended(row(t.oid, t.xmin, t.tgenabled), 4)), 0)
  into tracked
  from pg_catalog.pg_trigger t
  where t.tgrelid = any (tree_fingerprint.members) and t.tgfoid = any (tree_fingerprint.functions);
  return below # tracked;
end
$$;
