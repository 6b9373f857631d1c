-- silver.part_with_members(source_id, joined, departed): what becomes of the buckets whose source is partly gone, after members left a partition
-- tree. on_partition_drop keep: covered ones are final (timeseries_progress.kept); dirt on them is forgotten and counted as frozen hits, for
-- computing them again would erase history. recompute: they become dirty, as if the rows had been deleted.
-- joined: the time of members attached since: they may hold the rows again, so buckets within it are no longer kept.
-- The caller holds silver.lock_source. Locks: the progress rows of the source's rollups, when there is something to do.
create or replace function silver.part_with_members(source_id integer, joined tstzmultirange, departed tstzmultirange)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  left_now tstzmultirange;
begin
  if isempty(departed) and not coalesce((
    select t.gone && joined from silver.timeseries_source_tree t where t.source_id = part_with_members.source_id), false)
  then
    return;
  end if;
  perform silver.lock_progress(source_id);
  for r in select * from silver.timeseries_rollup_config c where c.source_id = part_with_members.source_id order by c.rollup_id loop
    select * into strict p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
    left_now := p.covered * silver.widen_to_buckets(departed * p.wanted, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    if r.on_partition_drop = 'keep' then
      update silver.timeseries_progress q
      set kept = silver.kept_after(r.rollup_id, joined, departed), dirty = p.dirty - left_now,
        frozen_hits = p.frozen_hits + silver.count_buckets(p.dirty * left_now, r.rollup_id),
        frozen_hit_at = case when p.dirty && left_now then clock_timestamp() else p.frozen_hit_at end
      where q.rollup_id = r.rollup_id;
    else
      update silver.timeseries_progress q set dirty = p.dirty + (left_now - tstzmultirange(tstzrange(null, p.frozen_until))),
        precise = p.precise - left_now
      where q.rollup_id = r.rollup_id;
    end if;
  end loop;
end
$$;
