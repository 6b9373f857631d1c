-- silver.member_bounds(source, time_column, zone): every member of a partition tree, the table itself among them, with the time it can hold:
-- its own range bound within those of the tables above it (silver.child_bounds); unbounded where no bound says. zone: where the time column
-- is a timestamp or date; then bounds are a day wider on each side, for where a clock is set forward later local times become
-- earlier instants, by a whole day at most (Samoa, 2011). Stable; takes no locks.
create or replace function silver.member_bounds(source regclass, time_column name default null, zone text default null)
returns table (member regclass, bounds tstzrange)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with recursive tree (member, bounds) as (
    select source, '(,)'::tstzrange
    union all
    select c.child, above.bounds * coalesce(c.bounds, '(,)')
    from (
      select t.member, t.bounds from tree t join pg_catalog.pg_class k on k.oid = t.member and k.relhassubclass offset 0
    ) as above
    cross join lateral silver.child_bounds(above.member, member_bounds.time_column, coalesce(member_bounds.zone, 'UTC')) c
  )
  select t.member, case when member_bounds.zone is null then t.bounds
    else tstzrange(lower(t.bounds) - interval '24 hours', upper(t.bounds) + interval '24 hours') end
  from tree t
$$;
