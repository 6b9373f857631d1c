-- silver.child_bounds(parent, time_column, zone): the tables directly below a table, each with the time it can hold by its range bound, where
-- the parent is partitioned by one column of timestamptz, timestamp or date (read in zone); MINVALUE and MAXVALUE are unbounded. Null bounds
-- for anything else, and where that column is not time_column, if one is given: a partition by time of arrival says nothing about the time
-- of its rows. One statement for all of them: a call for each took seconds on a tree of thousands. Stable; takes no locks.
create or replace function silver.child_bounds(parent regclass, time_column name default null, zone text default 'UTC')
returns table (child regclass, bounds tstzrange)
language sql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select i.inhrelid::regclass, case when b.bound is not null then tstzrange(
    silver.bound_instant(b.bound[1], k.local, child_bounds.zone), silver.bound_instant(b.bound[2], k.local, child_bounds.zone)) end
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  left join (
    select p.partrelid, a.atttypid <> 'timestamptz'::regtype as local
    from pg_catalog.pg_partitioned_table p
    join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = parent and p.partstrat = 'r' and p.partnatts = 1
      and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
      and coalesce(a.attname = child_bounds.time_column, true)
  ) as k on k.partrelid = i.inhparent
  left join lateral (
    select regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \((MINVALUE|''[^'']*'')\) TO \((MAXVALUE|''[^'']*'')\)$')
    where k.partrelid is not null
  ) as b (bound) on true
  where i.inhparent = parent
$$;
