-- silver.mark_dirty(source_id, touched): adds a changed range to the dirt of every rollup of the source, widened to each one's
-- own buckets, where it has been computed or is being computed. (Elsewhere a chunk still to come will read it.)
-- Frozen buckets, and those whose source is partly gone (silver.kept_buckets), are final: they are counted (frozen_hits), not dirtied.
-- The caller holds the progress rows (silver.lock_progress). Returns the number of rollups dirtied.
create or replace function silver.mark_dirty(source_id integer, touched tstzmultirange)
returns integer
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  dirtied integer := 0;
  share tstzmultirange;
  final tstzmultirange;
begin
  for r in select * from silver.timeseries_rollup_config c where c.source_id = mark_dirty.source_id order by c.rollup_id loop
    -- Covered and in flight are whole buckets, so what lies outside need not be widened.
    select silver.widen_to_buckets(touched * (p.covered + silver.in_flight(r.rollup_id) * p.wanted),
        r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin),
      p.covered * tstzmultirange(tstzrange(null, p.frozen_until)) + silver.kept_buckets(r.rollup_id)
    into strict share, final
    from silver.timeseries_progress p where p.rollup_id = r.rollup_id;
    if share && final then
      update silver.timeseries_progress p
      set frozen_hit_at = clock_timestamp(), frozen_hits = p.frozen_hits + silver.count_buckets(share * final, r.rollup_id)
      where p.rollup_id = r.rollup_id;
      share := share - final;
    end if;
    update silver.timeseries_progress p set dirty = p.dirty + share
    where p.rollup_id = r.rollup_id and not share <@ p.dirty;
    if found then
      dirtied := dirtied + 1;
    end if;
  end loop;
  return dirtied;
end
$$;
