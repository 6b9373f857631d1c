-- silver.forget_groups(source_id): removes from timeseries_dirty_group what no rollup of the source has to compute any more by group: of whose buckets none
-- is precise, neither among its dirt nor in one of its chunks. The caller holds the progress rows, so that no chunk is given back meanwhile.
-- Locks: the rows removed.
create or replace function silver.forget_groups(source_id integer)
returns void
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  delete from silver.timeseries_dirty_group g
  using silver.timeseries_rollup_config r, silver.timeseries_progress p
  where r.source_id = forget_groups.source_id and g.rollup_id = r.rollup_id and p.rollup_id = r.rollup_id
    and not g.ranges && p.precise
    and not exists (select from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.precise && g.ranges)
$$;
