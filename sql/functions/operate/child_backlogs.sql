-- silver.child_backlogs(rollup_id): for each rollup that reads this one's target, the start of the first bucket it still has to compute, or
-- whose change is logged and not consumed; null when there is none. Retention waits for it: the rows there are the child's source.
-- Stable; takes no locks.
create or replace function silver.child_backlogs(rollup_id integer)
returns table (child_id integer, child_table regclass, behind_since timestamptz)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select child.rollup_id, child.target_table, lower(
    (p.wanted - p.covered) + p.dirty + silver.in_flight(child.rollup_id)
    + silver.widen_to_buckets(coalesce((
        select range_agg(l.touched) from silver.timeseries_invalidation_log l where l.source_id = child.source_id), '{}')
      * p.wanted, child.rollup_table_interval, child.bucket_time_zone, child.bucket_origin))
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_table = r.target_table
  join silver.timeseries_rollup_config child on child.source_id = s.source_id
  join silver.timeseries_progress p on p.rollup_id = child.rollup_id
  where r.rollup_id = child_backlogs.rollup_id
$$;
