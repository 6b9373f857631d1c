-- silver.group_rows_statement(rollup_id): the statement that finds the source's rows of one group: in $1 to $2, with the dimensions $4 (json). It is explained, not
-- run: the planner knows how many rows a constant has. Null where silver.groups_statement is. Stable; takes no locks.
create or replace function silver.group_rows_statement(rollup_id integer)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select format('select from %s as s where %s%s', s.source_table, silver.source_predicate(r.rollup_id, '$1::timestamptz', '$2::timestamptz'),
    string_agg(format(' and s.%I = ($4::jsonb ->> %s)::%s%s', c.input_column, k.place - 1, silver.base_type(a.atttypid), silver.collate_clause(a.attcollation)), '' order by k.place))
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id
  cross join lateral unnest(silver.group_key(r.rollup_id)) with ordinality as k (number, place)
  join pg_catalog.pg_attribute a on a.attrelid = s.source_table and a.attnum = k.number
  join silver.timeseries_rollup_column c on c.rollup_id = r.rollup_id and c.role = 'dimension' and c.input_column = a.attname
  where r.rollup_id = group_rows_statement.rollup_id
  group by s.source_table, r.rollup_id
$$;
