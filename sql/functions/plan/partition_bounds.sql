-- silver.partition_bounds(parent): the range partitions directly below a table whose bounds are known (silver.child_bounds), as instants;
-- MINVALUE and MAXVALUE are infinite. Stable; takes no locks.
create or replace function silver.partition_bounds(parent regclass)
returns table (partition regclass, lower_at timestamptz, upper_at timestamptz)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select b.child, coalesce(lower(b.bounds), '-infinity'), coalesce(upper(b.bounds), 'infinity')
  from silver.child_bounds(parent) b where b.bounds is not null
$$;
