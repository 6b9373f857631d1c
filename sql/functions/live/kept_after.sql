-- silver.kept_after(rollup_id, joined, departed): the covered buckets that are final because their source is partly gone, once these members have
-- joined the partition tree and those have left it: timeseries_progress.kept, and with on_partition_drop keep the buckets of departed;
-- less those whose whole source is there again, by what joined. Stable, in the caller's snapshot; takes no locks.
create or replace function silver.kept_after(rollup_id integer, joined tstzmultirange, departed tstzmultirange)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  kept tstzmultirange;
begin
  select * into strict p from silver.timeseries_progress q where q.rollup_id = kept_after.rollup_id;
  if isempty(joined) and isempty(departed) then
    return p.kept * p.covered;
  end if;
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = kept_after.rollup_id;
  kept := p.kept;
  if r.on_partition_drop = 'keep' then
    kept := kept + silver.widen_to_buckets(departed * p.wanted, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  end if;
  return kept * p.covered * silver.widen_to_buckets(
    ((select t.gone from silver.timeseries_source_tree t where t.source_id = r.source_id) + departed - joined) * p.wanted,
    r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
end
$$;
