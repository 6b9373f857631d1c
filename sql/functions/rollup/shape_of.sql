-- silver.shape_of(rollup_id): fingerprint of what the rollup's statements rely on: the names of the tables; of the columns they read name, type, order,
-- and not null where they count on it; where values are counted from the root source, what is read there. Compared with the one stored by
-- silver.compile_rollup before a chunk writes. A column that is gone changes it, and so do two that swapped names; one that was added
-- (silver.added_columns), or may no longer be null, does not: no statement is wrong for that. Stable; takes no locks.
create or replace function silver.shape_of(rollup_id integer)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select md5(format('%s %s (%s) %s', s.source_table, r.target_table, (
      -- In the order of their numbers, which a dump and restore may change but keeps in order.
      select string_agg(format('%I %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull and read.counts_on_not_null), ',' order by a.attnum)
      from (
        select c.input_column, bool_or(not c.nullable and c.role not in ('time', 'row_count', 'count')) as counts_on_not_null
        from silver.timeseries_rollup_column c
        where c.rollup_id = shape_of.rollup_id and c.input_column is not null
        group by c.input_column
      ) as read
      join pg_catalog.pg_attribute a on a.attrelid = s.source_table and a.attname = read.input_column and a.attnum > 0 and not a.attisdropped),
    case when s.kind = 'derived' and exists (select from silver.counts_apart(shape_of.rollup_id))
      then silver.shape_of(silver.raw_rollup(shape_of.rollup_id)) end))
  from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = shape_of.rollup_id
$$;
