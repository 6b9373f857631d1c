-- silver.select_rollups(argument, table_name): the rollups a call is about, by id. null: all. A target: that rollup alone. A source that
-- is no target: all rollups of it, and those of their targets in turn. argument is the caller's, for the message.
-- Errors: 42P01 no such table, 22023 a table that is neither. Stable; takes no locks.
-- It sets no search_path, so that the table is found as the caller finds it; all else is qualified.
create or replace function silver.select_rollups(argument text, table_name text)
returns integer[]
language plpgsql stable
as $$
declare
  named regclass;
  chosen integer[];
begin
  if table_name is null then
    select array_agg(r.rollup_id order by r.rollup_id) into chosen from silver.timeseries_rollup_config r;
    return coalesce(chosen, '{}');
  end if;
  named := silver.resolve_table(argument, table_name);
  select array_agg(r.rollup_id) into chosen from silver.timeseries_rollup_config r where r.target_table = named;
  if chosen is null then
    with recursive below (rollup_id, target_table) as (
      select r.rollup_id, r.target_table from silver.timeseries_rollup_config r where r.source_table = named
      union
      select r.rollup_id, r.target_table
      from below b join silver.timeseries_rollup_config r on r.source_table = b.target_table
    )
    select array_agg(b.rollup_id order by b.rollup_id) into chosen from below b;
  end if;
  if chosen is null then
    raise exception '%: % is neither the source nor the target of a rollup', argument, named
      using errcode = '22023', hint = 'SELECT source_table, target_table FROM silver.timeseries_rollup_config;';
  end if;
  return chosen;
end
$$;
