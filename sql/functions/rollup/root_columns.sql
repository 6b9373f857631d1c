-- silver.root_columns(parent_id, dimensions, exclude, first_last): the columns of a rollup declared on the target of rollup parent_id where they do not
-- all compose from it, so that it has to read the root source; null where they do. An array does not when dimensions of the parent are left out:
-- the values of its groups would be strung together group by group, not in order of time. Names and meanings are those it would have
-- reading the parent. The lists have been checked against the parent. Stable; takes no locks.
create or replace function silver.root_columns(parent_id integer, dimensions text[], exclude text[], first_last text[])
returns silver.timeseries_rollup_column[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  raw_id integer;
  root silver.timeseries_tracked_source;
  kept name[];
begin
  if parent_id is null or not exists (
      select from silver.timeseries_rollup_column c
      where c.rollup_id = parent_id and c.role = 'array' and c.metric <> all (coalesce(exclude::name[], '{}')))
    or not exists (
      select from silver.timeseries_rollup_column c
      where c.rollup_id = parent_id and c.role = 'dimension' and c.column_name <> all (dimensions::name[]))
  then
    return null;
  end if;
  raw_id := silver.raw_rollup(parent_id);
  select s.* into strict root from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = raw_id;
  select array_agg(distinct c.metric) into kept from silver.timeseries_rollup_column c
  where c.rollup_id = parent_id and c.role not in ('time', 'dimension', 'row_count', 'retired') and c.metric <> all (coalesce(exclude::name[], '{}'));
  return silver.plan_columns(root.source_table, null, root.time_column, dimensions,
    array(select a.known_as::text from silver.source_columns(root.source_table, null, raw_id) a
      where a.column_name <> root.time_column and a.known_as <> all (kept) and a.known_as <> all (dimensions::name[])),
    array(select c.metric::text from silver.timeseries_rollup_column c
      where c.rollup_id = parent_id and c.role = 'first' and c.metric = any (kept)
        and (first_last is null or c.metric = any (first_last::name[]))),
    raw_id);
end
$$;
