-- silver.unsettled(rollup_id): the set of time, in whole buckets of the rollup, where its target may not be believed in the reader's own
-- snapshot: not covered, dirty, in flight, drained or provisional, logged and not consumed, held by members not adopted,
-- and the same of its parents up to the root, rounded out to its own buckets. Outside `wanted` the target stands alone,
-- and so it does where it is frozen, unless it was made dirty on purpose, and where its source is partly gone (silver.kept_buckets).
-- Every part is read in the caller's snapshot (STABLE), so a settled row is right in that snapshot (promise 1).
-- SECURITY DEFINER: whoever may read the live view needs no right on Silver's tables. Takes no locks.
create or replace function silver.unsettled(rollup_id integer)
returns tstzmultirange
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  p silver.timeseries_progress;
  own tstzmultirange;
  doubtful tstzmultirange;
  kept tstzmultirange := '{}';
  changed record;
  parent_id integer;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = unsettled.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select * into strict p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
  own := (p.wanted - p.covered) + p.dirty + silver.in_flight(r.rollup_id);
  doubtful := coalesce((select range_agg(l.touched) from silver.timeseries_invalidation_log l where l.source_id = src.source_id), '{}');
  if src.kind = 'derived' then
    select c.rollup_id into strict parent_id from silver.timeseries_rollup_config c where c.target_table = src.source_table;
    doubtful := doubtful + silver.unsettled(parent_id);
  else
    select * into changed from silver.changed_members(src.source_id);
    doubtful := doubtful + changed.joined
      + coalesce((select range_agg(d.range) from silver.timeseries_drain d where d.source_id = src.source_id), '{}');
    if r.on_partition_drop = 'recompute' then
      doubtful := doubtful + changed.departed;
    end if;
    if not (isempty(p.kept) and isempty(changed.departed)) then
      kept := silver.kept_after(r.rollup_id, changed.joined, changed.departed);
    end if;
    if not src.tracking then
      doubtful := '{(,)}';
    end if;
  end if;
  return (own + silver.widen_to_buckets(doubtful * p.wanted, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
    - (p.covered * tstzmultirange(tstzrange(null, p.frozen_until)) - own) - kept) * p.wanted;
end
$$;
