-- silver.partition_bounds(parent): the range partitions directly below a table, with their bounds as instants; only those
-- partitioned by one column of timestamptz, timestamp (read as UTC) or date. MINVALUE and MAXVALUE are infinite.
-- Stable; takes no locks.
create or replace function silver.partition_bounds(parent regclass)
returns table (partition regclass, lower_at timestamptz, upper_at timestamptz)
language sql stable strict
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select b.partition,
    case when b.bound[1] = 'MINVALUE' then '-infinity' else btrim(b.bound[1], '''')::timestamptz end,
    case when b.bound[2] = 'MAXVALUE' then 'infinity' else btrim(b.bound[2], '''')::timestamptz end
  from (
    select c.oid::regclass as partition,
      regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \((MINVALUE|''[^'']*'')\) TO \((MAXVALUE|''[^'']*'')\)$') as bound
    from pg_catalog.pg_inherits i
    join pg_catalog.pg_class c on c.oid = i.inhrelid
    join pg_catalog.pg_partitioned_table p on p.partrelid = i.inhparent and p.partstrat = 'r' and p.partnatts = 1
    join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where i.inhparent = parent and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
  ) as b
  where b.bound is not null
$$;
