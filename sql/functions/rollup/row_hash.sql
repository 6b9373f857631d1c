-- silver.row_hash(rollup_id, keys): SQL for a 64-bit hash of a group's keys (a list of columns: the bucket, dimensions, and others of hashable types).
-- Null is a value like others. By the types' own hash functions where all have one, else by the text. Stable; takes no locks.
create or replace function silver.row_hash(rollup_id integer, keys text)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select format(case when bool_and(silver.is_hashable(c.column_type::regtype)) then 'hash_record_extended(row(%s), 0)'
    else 'hashtextextended(row(%s)::text, 0)' end, keys)
  from silver.timeseries_rollup_column c
  where c.rollup_id = row_hash.rollup_id and c.role in ('time', 'dimension')
$$;
