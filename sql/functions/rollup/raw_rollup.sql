-- silver.raw_rollup(rollup_id): the rollup, among this one and those it is computed from, that reads the root source itself.
-- Stable; takes no locks.
create or replace function silver.raw_rollup(rollup_id integer)
returns integer
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive level (rollup_id, source_table, kind) as (
    select r.rollup_id, s.source_table, s.kind
    from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
    where r.rollup_id = raw_rollup.rollup_id
    union all
    select r.rollup_id, s.source_table, s.kind
    from level l
    join silver.timeseries_rollup_config r on r.target_table = l.source_table
    join silver.timeseries_tracked_source s on s.source_id = r.source_id
    where l.kind = 'derived'
  )
  select l.rollup_id from level l where l.kind <> 'derived'
$$;
