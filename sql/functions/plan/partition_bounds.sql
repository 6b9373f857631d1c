-- silver.partition_bounds(parent): the range partitions directly below a table, with their bounds as instants (see
-- silver.partition_bound); MINVALUE and MAXVALUE are infinite. Stable; takes no locks.
create or replace function silver.partition_bounds(parent regclass)
returns table (partition regclass, lower_at timestamptz, upper_at timestamptz)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select i.inhrelid::regclass, coalesce(lower(b.bound), '-infinity'), coalesce(upper(b.bound), 'infinity')
  from pg_catalog.pg_inherits i
  cross join lateral (select silver.partition_bound(i.inhrelid) as bound) as b
  where i.inhparent = parent and b.bound is not null
$$;
