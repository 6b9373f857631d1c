-- silver.added_columns(rollup_id): columns of the source, or metrics of the parent, that the rollup could keep and does not, and that it was not
-- told to leave out: they came since it was declared. silver.sync_rollup adds them. Stable; takes no locks.
create or replace function silver.added_columns(rollup_id integer)
returns setof name
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with rollup as (
    select r.rollup_id, r.excluded_columns, r.source_table as declared_on, s.source_table, s.time_column, p.rollup_id as parent_id
    from silver.timeseries_rollup_config r
    join silver.timeseries_tracked_source s on s.source_id = r.source_id
    left join silver.timeseries_rollup_config p on p.target_table = r.source_table
    where r.rollup_id = added_columns.rollup_id
  ), possible as (
    select a.known_as as metric
    from rollup r cross join lateral silver.source_columns(r.source_table, null, r.rollup_id) a
    where r.parent_id is null and a.column_name <> r.time_column and silver.metric_kind(a.type) is not null
    union
    select c.metric from rollup r join silver.timeseries_rollup_column c on c.rollup_id = r.parent_id
    where c.role not in ('time', 'dimension', 'row_count', 'retired')
  )
  select p.metric
  from possible p, rollup r
  where p.metric <> all (r.excluded_columns) and not exists (
    select from silver.timeseries_rollup_column c
    where c.rollup_id = r.rollup_id and c.role <> 'retired' and (c.metric = p.metric or (c.role = 'dimension' and c.input_column = p.metric)))
  order by p.metric
$$;
