-- silver.late_scale(rollup_id, late): how many times the usual buckets a chunk of these late ones may hold: 1 where any of them is computed whole, or an index
-- by a dimension is missing; else as many times as reading the known groups is less than reading their buckets, at most 100. A group counts as 20 rows,
-- which is about what finding it takes beside its rows. Sizes chunks, and decides nothing: what is computed is decided by silver.refresh_groups.
-- Stable; takes no locks.
create or replace function silver.late_scale(rollup_id integer, late tstzmultirange)
returns double precision
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  groups bigint;
begin
  if not late <@ (select p.precise from silver.timeseries_progress p where p.rollup_id = late_scale.rollup_id) then
    return 1;
  end if;
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = late_scale.rollup_id;
  if not exists (
    select from silver.timeseries_tracked_source s
    join pg_catalog.pg_index i on i.indrelid = s.source_table and i.indisvalid and i.indpred is null
    where s.source_id = r.source_id and i.indkey[0] = any (silver.group_key(r.rollup_id)))
  then
    return 1;
  end if;
  select sum(cardinality(g.buckets)) into groups from silver.timeseries_dirty_group g where g.rollup_id = r.rollup_id and g.ranges && late;
  return coalesce(least(100, greatest(1, r.avg_rows / r.avg_buckets * silver.count_buckets(late, r.rollup_id) / (20.0 * groups))), 1);
end
$$;
