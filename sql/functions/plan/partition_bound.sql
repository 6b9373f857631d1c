-- silver.partition_bound(partition): the time a range partition holds within its parent, where the parent is partitioned by one column of
-- timestamptz, timestamp (read as UTC) or date; MINVALUE and MAXVALUE are unbounded. Null for anything else.
-- Stable; takes no locks.
create or replace function silver.partition_bound(partition regclass)
returns tstzrange
language sql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select tstzrange(
    case when b.bound[1] <> 'MINVALUE' then btrim(b.bound[1], '''')::timestamptz end,
    case when b.bound[2] <> 'MAXVALUE' then btrim(b.bound[2], '''')::timestamptz end)
  from (
    select regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \((MINVALUE|''[^'']*'')\) TO \((MAXVALUE|''[^'']*'')\)$') as bound
    from pg_catalog.pg_class c
    join pg_catalog.pg_inherits i on i.inhrelid = c.oid
    join pg_catalog.pg_partitioned_table p on p.partrelid = i.inhparent and p.partstrat = 'r' and p.partnatts = 1
    join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where c.oid = partition and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
  ) as b
  where b.bound is not null
$$;
