-- silver.plan_columns(source, parent_id, time_column, dimensions, exclude, first_last, known_id): the columns of a target (silver.target_columns),
-- checked, as rows of timeseries_rollup_column that belong to no rollup yet.
-- Errors: those of silver.target_columns; 42701 for names that clash, have over 63 bytes or begin with silver_, which the stored statements
-- use; 54011 for more columns, or more columns in the key, than a table can have. Each names the argument that helps. Stable; takes no locks.
create or replace function silver.plan_columns(
  source regclass, parent_id integer, time_column name, dimensions text[], exclude text[], first_last text[], known_id integer default null)
returns silver.timeseries_rollup_column[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  columns silver.timeseries_rollup_column[];
  problem text;
  keys bigint;
begin
  perform silver.check_column_lists(source, parent_id, time_column, dimensions, exclude, first_last, known_id);
  with planned as (
    select * from silver.target_columns(source, parent_id, time_column, dimensions::name[], exclude::name[], first_last::name[], true, known_id)
  )
  select
    -- A name is cut to 63 bytes, so it is looked at before.
    (select string_agg(distinct case
        when c.times > 1 then format('%I twice', c.column_name)
        when octet_length(c.column_name) > 63 then format('%I of %s bytes', c.column_name, octet_length(c.column_name))
        else format('%I, a name Silver uses itself', c.column_name) end, ', ')
      from (select p.column_name, count(*) over (partition by p.column_name) as times from planned p) as c
      where c.times > 1 or octet_length(c.column_name) > 63 or starts_with(c.column_name, 'silver_')),
    (select count(*) from planned p where p.role in ('time', 'dimension')),
    (select array_agg(jsonb_populate_record(null::silver.timeseries_rollup_column,
        to_jsonb(p) || jsonb_build_object('position', p.ordinal)) order by p.ordinal) from planned p)
  into problem, keys, columns;
  if problem is not null then
    raise exception 'the target would have the columns %', problem
      using errcode = '42701', hint = 'Leave source columns out with exclude, or rename them.';
  end if;
  if cardinality(columns) > 1600 then
    raise exception 'the target would have % columns; a table has at most 1,600', cardinality(columns)
      using errcode = '54011', hint = 'Leave source columns out with exclude.';
  end if;
  if keys > 32 then
    raise exception 'dimensions: % columns; a key has at most 32, the time among them', keys - 1
      using errcode = '54011', hint = 'Group by fewer.';
  end if;
  return columns;
end
$$;
