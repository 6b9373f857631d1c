-- silver.source_is_due(source, at_once): whether there is something to do for a source now: a horizon to
-- advance, writers to note or await, a member to adopt, a log to consume, a pause that is over, or work pending for a rollup with room for chunks. Late work
-- counts when it has rested for rerun_interval, or at_once. While chunks are still waiting, there is room when at most half of
-- max_in_flight wait or run: planning at each chunk's end took half as long as the chunks. Stable; takes no locks.
create or replace function silver.source_is_due(source silver.timeseries_tracked_source, at_once boolean)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  tree silver.timeseries_source_tree;
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  due_until timestamptz;
  missing tstzmultirange;
  live bigint;
  work record;
begin
  if exists (select from silver.timeseries_drain d where d.source_id = source.source_id)
    or exists (select from silver.timeseries_invalidation_log l where l.source_id = source.source_id)
  then
    return true;
  end if;
  if source.kind = 'raw' and source.tracking then
    select * into tree from silver.timeseries_source_tree t where t.source_id = source.source_id;
    if tree.fingerprint is distinct from silver.tree_fingerprint(tree.members, tree.parents, tree.functions) then
      return true;
    end if;
  end if;
  for r in select * from silver.timeseries_rollup_config c where c.source_id = source.source_id loop
    continue when r.paused_until > now();
    due_until := silver.due_until(r.rollup_id);
    if r.status = 'paused' or (source.kind <> 'derived' and source.tracking and due_until > source.horizon) then
      return true;
    end if;
    -- Of most rollups all that is due is covered or in flight, and nothing is dirty or ordered; then silver.pending, most of the cost of a look at
    -- all sources, need not be asked.
    select * into p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
    missing := p.wanted * tstzmultirange(tstzrange(null, due_until)) - p.covered;
    continue when isempty(p.dirty) and (isempty(missing) or missing <@ silver.in_flight(r.rollup_id))
      and not exists (select from silver.timeseries_backfill_part b where b.rollup_id = r.rollup_id and not isempty(b.remaining));
    select * into work from silver.pending(r.rollup_id);
    if not isempty(work.forward) or (not isempty(work.late) and (at_once or silver.late_rests_until(r.rollup_id) <= clock_timestamp())) then
      select count(*) filter (where c.state <> 'retrying') into live
      from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.state <> 'dead' and c.reason <> 'backfill';
      if (at_once or live * 2 <= r.max_in_flight) and silver.room_in_flight(r.rollup_id) > 0 then
        return true;
      end if;
    end if;
    if not isempty(work.backfill) and exists (
      select from silver.next_backfill(r.rollup_id, work.backfill) due where at_once or due.in_flight * 2 <= due.most)
    then
      return true;
    end if;
  end loop;
  return false;
end
$$;
