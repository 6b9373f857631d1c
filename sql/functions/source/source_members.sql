-- silver.source_members(source): the table itself and every table below it: partitions, partitioned partitions, and
-- children by INHERITS. (pg_partition_tree is empty for a plain table.) Stable; takes no locks.
create or replace function silver.source_members(source regclass)
returns setof regclass
language plpgsql stable strict
rows 10 -- At the default of 1,000 whoever asks for a table's few members reads all of pg_class.
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  with recursive members (member) as (
    select source::oid
    union
    select i.inhrelid from members m join pg_catalog.pg_inherits i on i.inhparent = m.member where not i.inhdetachpending
  )
  select member::regclass from members;
end
$$;
