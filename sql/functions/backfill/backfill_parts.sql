-- silver.backfill_parts(root_id, range, descendants): what a backfill of this range would be, for silver.plan_backfill and silver.start_backfill: one row for each
-- rollup, parents first. All sets are in whole buckets of the rollup, and end where nothing has fallen due yet (silver.fed_until): the rest is live work.
--   ranges      what is to be computed: the range, less what has expired and what is unfed
--   added       of it, what the rollup is not to cover by itself
--   recomputed  of it, what is covered already
--   frozen      of it, what is final (freeze_after)
--   expired     not in it: what retention would drop, and where the target holds rows whose source rows are gone, so that computing it
--               again would erase them. Descendants read what survives: the finest level that still has rows
--   unfed       not in it: what a parent neither covers nor is to compute before
-- Stable; reads the source's smallest instant and whether the target holds rows; locks ACCESS SHARE on both.
create or replace function silver.backfill_parts(root_id integer, range tstzrange, descendants boolean)
returns table (rollup_id integer, ranges tstzmultirange, added tstzmultirange, recomputed tstzmultirange, frozen tstzmultirange,
  expired tstzmultirange, unfed tstzmultirange)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set jit = off
as $$
#variable_conflict use_column
declare
  member record;
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  src silver.timeseries_tracked_source;
  parent silver.timeseries_progress;
  planned jsonb := '{}'; -- What each rollup so far is to compute, by its id.
  asked tstzmultirange;
  fed tstzmultirange;
begin
  for member in select b.rollup_id, b.level from silver.backfill_rollups(backfill_parts.root_id, descendants) b order by b.level, b.rollup_id loop
    select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = member.rollup_id;
    select * into strict p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
    select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
    asked := silver.widen_to_buckets(tstzmultirange(backfill_parts.range), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
      * tstzmultirange(tstzrange(null, silver.fed_until(r.rollup_id)));
    unfed := '{}';
    if src.kind = 'derived' then
      select q.* into strict parent from silver.timeseries_rollup_config c join silver.timeseries_progress q on q.rollup_id = c.rollup_id
      where c.target_table = src.source_table;
      fed := silver.narrow_to_buckets(
        parent.wanted + coalesce((planned ->> parent.rollup_id::text)::tstzmultirange, '{}'),
        r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
      unfed := asked - fed;
    end if;
    expired := asked * (silver.source_gone(r.rollup_id, asked) + unfed * p.covered * silver.target_holds(r.rollup_id, unfed * p.covered)
      + tstzmultirange(tstzrange(null, silver.expiry_bound(r.rollup_id))));
    unfed := unfed - expired;
    ranges := asked - expired - unfed;
    recomputed := ranges * p.covered;
    frozen := recomputed * tstzmultirange(tstzrange(null, p.frozen_until));
    added := ranges - (p.wanted - (silver.backfill_left(r.rollup_id)).added);
    rollup_id := r.rollup_id;
    planned := planned || jsonb_build_object(r.rollup_id::text, ranges);
    return next;
  end loop;
end
$$;
