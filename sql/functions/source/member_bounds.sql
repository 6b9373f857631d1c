-- silver.member_bounds(member, time_column, zone): the time a member of a partition tree can hold: its own range bound within those of the
-- tables above it (see silver.partition_bound); unbounded where no bound says. Local bounds are a day wider on each side: where a
-- clock is set forward, later local times become earlier instants, by a whole day at most (Samoa, 2011).
-- Null for a table that is gone. Stable; takes no locks.
create or replace function silver.member_bounds(member regclass, time_column name default null, zone text default null)
returns tstzrange
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with recursive place (member, bounds) as (
    select c.oid, '(,)'::tstzrange from pg_catalog.pg_class c where c.oid = member_bounds.member
    union all
    select i.inhparent, p.bounds * coalesce(silver.partition_bound(i.inhrelid, member_bounds.time_column, coalesce(member_bounds.zone, 'UTC')), '(,)')
    from place p join pg_catalog.pg_inherits i on i.inhrelid = p.member
  )
  select case when zone is null then bounds
    else tstzrange(lower(bounds) - interval '24 hours', upper(bounds) + interval '24 hours') end
  from place order by coalesce(upper(bounds) - lower(bounds), interval '10000 years') limit 1
$$;
