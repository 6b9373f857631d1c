-- silver.member_bounds(member): the time a member of a partition tree can hold: its own range bound within those of the
-- tables above it; unbounded where no bound says. Null for a table that is gone. Stable; takes no locks.
create or replace function silver.member_bounds(member regclass)
returns tstzrange
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive place (member, bounds) as (
    select c.oid, '(,)'::tstzrange from pg_catalog.pg_class c where c.oid = member_bounds.member
    union all
    select i.inhparent, p.bounds * coalesce(silver.partition_bound(i.inhrelid), '(,)')
    from place p join pg_catalog.pg_inherits i on i.inhrelid = p.member
  )
  select bounds from place order by coalesce(upper(bounds) - lower(bounds), interval '10000 years') limit 1
$$;
