-- silver.partition_bound(partition, time_column, zone): the time a range partition holds within its parent, where the parent is partitioned
-- by one column of timestamptz, timestamp or date (read in zone); MINVALUE and MAXVALUE are unbounded. Null for anything else, and where that
-- column is not time_column, if one is given: a partition by time of arrival says nothing about the time of its rows.
-- Stable; takes no locks.
create or replace function silver.partition_bound(partition regclass, time_column name default null, zone text default 'UTC')
returns tstzrange
language sql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select tstzrange(
    case when b.bound[1] <> 'MINVALUE' then case when b.local
      then btrim(b.bound[1], '''')::timestamp at time zone partition_bound.zone else btrim(b.bound[1], '''')::timestamptz end end,
    case when b.bound[2] <> 'MAXVALUE' then case when b.local
      then btrim(b.bound[2], '''')::timestamp at time zone partition_bound.zone else btrim(b.bound[2], '''')::timestamptz end end)
  from (
    select a.atttypid <> 'timestamptz'::regtype as local, regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \((MINVALUE|''[^'']*'')\) TO \((MAXVALUE|''[^'']*'')\)$') as bound
    from pg_catalog.pg_class c
    join pg_catalog.pg_inherits i on i.inhrelid = c.oid
    join pg_catalog.pg_partitioned_table p on p.partrelid = i.inhparent and p.partstrat = 'r' and p.partnatts = 1
    join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where c.oid = partition and coalesce(a.attname = partition_bound.time_column, true) and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
  ) as b
  where b.bound is not null
$$;
