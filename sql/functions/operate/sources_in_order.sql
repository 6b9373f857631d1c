-- silver.sources_in_order(rollups): the sources these rollups read, parents before children, so that one pass settles a whole
-- hierarchy. Stable; takes no locks.
create or replace function silver.sources_in_order(rollups integer[])
returns setof integer
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive depth (source_id, source_table, level) as (
    select s.source_id, s.source_table, 0 from silver.timeseries_tracked_source s where s.kind <> 'derived'
    union
    select s.source_id, s.source_table, d.level + 1
    from depth d
    join silver.timeseries_rollup_config parent on parent.source_id = d.source_id
    join silver.timeseries_tracked_source s on s.source_table = parent.target_table
    where d.level < 100 -- A cycle, made by hand, ends here.
  )
  select d.source_id
  from depth d
  where d.source_id in (select r.source_id from silver.timeseries_rollup_config r where r.rollup_id = any (rollups))
  group by d.source_id
  order by max(d.level), d.source_id
$$;
