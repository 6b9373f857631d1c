-- silver.mark_rollup(rollup_id, touched): adds a changed range to the dirt of a rollup, widened to its
-- own buckets, where it has been computed or is being computed. (Elsewhere a chunk still to come will read it.)
-- As whole buckets: which of their groups changed is not known (silver.mark_groups), or no longer.
-- Frozen buckets, and those whose source is partly gone (silver.kept_buckets), are final: they are counted (frozen_hits), not dirtied.
-- The caller holds the progress row. True when something was added.
create or replace function silver.mark_rollup(rollup_id integer, touched tstzmultirange)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  share tstzmultirange;
  final tstzmultirange;
begin
  -- Covered and in flight are whole buckets, so what lies outside need not be widened.
  select silver.widen_to_buckets(touched * (p.covered + silver.in_flight(r.rollup_id) * p.wanted),
      r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin),
    p.covered * tstzmultirange(tstzrange(null, p.frozen_until)) + silver.kept_buckets(r.rollup_id)
  into strict share, final
  from silver.timeseries_progress p join silver.timeseries_rollup_config r on r.rollup_id = p.rollup_id
  where p.rollup_id = mark_rollup.rollup_id;
  if share && final then
    update silver.timeseries_progress p
    set frozen_hit_at = clock_timestamp(), frozen_hits = p.frozen_hits + silver.count_buckets(share * final, p.rollup_id)
    where p.rollup_id = mark_rollup.rollup_id;
    share := share - final;
  end if;
  update silver.timeseries_progress p set dirty = p.dirty + share, precise = p.precise - share
  where p.rollup_id = mark_rollup.rollup_id and not share <@ (p.dirty - p.precise);
  return found;
end
$$;
