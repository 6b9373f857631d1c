-- silver.declared_columns(rollup_id): the columns the rollup's target would have, were it declared as it is on its source as that is now: dimensions,
-- left-out columns and first and last values as they are, metrics by the names they have. Columns it names that are gone are passed over; a dimension
-- that is gone is not. Errors: those of silver.plan_columns. Stable; takes no locks.
create or replace function silver.declared_columns(rollup_id integer)
returns silver.timeseries_rollup_column[]
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  parent_id integer;
  names text[];
  dimensions text[];
  first_last text[];
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = declared_columns.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  parent_id := (select p.rollup_id from silver.timeseries_rollup_config p where p.target_table = r.source_table);
  names := array(select a.known_as from silver.source_columns(src.source_table, case src.kind when 'derived' then parent_id end, r.rollup_id) a)
    || array(select c.metric from silver.timeseries_rollup_column c where c.rollup_id = parent_id and c.role <> 'retired' and c.metric is not null);
  dimensions := array(
    select c.metric from silver.timeseries_rollup_column c
    where c.rollup_id = r.rollup_id and c.role = 'dimension' order by c.position);
  first_last := case when r.created_with ? 'first_last'
    then array(select n from jsonb_array_elements_text(r.created_with -> 'first_last') n where n = any (names)) end;
  if parent_id is not null and src.kind <> 'derived' then
    return silver.root_columns(parent_id, dimensions, r.excluded_columns::text[], first_last);
  end if;
  return silver.plan_columns(src.source_table, parent_id, src.time_column, dimensions,
    array(select e from unnest(r.excluded_columns::text[]) e where e = any (names)), first_last, r.rollup_id);
end
$$;
