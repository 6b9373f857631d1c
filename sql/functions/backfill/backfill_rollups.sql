-- silver.backfill_rollups(root_id, descendants): the rollup and, with descendants, those declared on its target and theirs in turn, parents first.
-- Stable; takes no locks.
create or replace function silver.backfill_rollups(root_id integer, descendants boolean)
returns table (rollup_id integer, level integer)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  with recursive below (rollup_id, target_table, level) as (
    select r.rollup_id, r.target_table, 0 from silver.timeseries_rollup_config r where r.rollup_id = backfill_rollups.root_id
    union
    select r.rollup_id, r.target_table, b.level + 1
    from below b join silver.timeseries_rollup_config r on r.source_table = b.target_table
    where backfill_rollups.descendants and b.level < 100 -- A cycle, made by hand, ends here.
  )
  select b.rollup_id, max(b.level) from below b group by b.rollup_id order by max(b.level), b.rollup_id
$$;
