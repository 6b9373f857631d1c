-- silver.due_sources(only_source, at_once): the sources with something to do now, or that one if it is among them: a horizon to
-- advance, writers to note or await, a member to adopt, a log to consume, a pause that is over, or work pending for a rollup with room for chunks. Late work
-- counts when it has rested for rerun_interval, or at_once. While chunks are still waiting, there is room when at most half of
-- max_in_flight wait or run: planning at each chunk's end took half as long as the chunks. Stable; takes no locks.
create or replace function silver.due_sources(only_source integer default null, at_once boolean default false)
returns table (source_id integer, source_name text)
language sql stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
  select s.source_id, s.source_table::text
  from silver.timeseries_tracked_source s
  where coalesce(s.source_id = only_source, true) and (
    exists (select from silver.timeseries_drain d where d.source_id = s.source_id)
    or exists (select from silver.timeseries_invalidation_log l where l.source_id = s.source_id)
    or exists (
      select from silver.timeseries_rollup_config r
      where r.source_id = s.source_id and r.status = 'paused' and coalesce(r.paused_until <= now(), true))
    or (s.kind = 'raw' and s.tracking and not exists (
      select from silver.timeseries_source_tree t
      where t.source_id = s.source_id and t.fingerprint = silver.tree_fingerprint(t.members, t.parents, t.functions)))
    or exists (
      select
      from silver.timeseries_rollup_config r
      where r.source_id = s.source_id
        and coalesce(r.paused_until <= now(), true)
        and ((s.kind <> 'derived' and s.tracking and silver.due_until(r.rollup_id) > s.horizon)
          or ((
            select at_once or count(*) filter (where c.state <> 'retrying') * 2 <= r.max_in_flight
            from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.state <> 'dead' and c.reason <> 'backfill')
          and silver.room_in_flight(r.rollup_id) > 0
          and exists (
            select from silver.pending(r.rollup_id) work
            where not isempty(work.forward)
              or (not isempty(work.late) and (at_once or silver.late_rests_until(r.rollup_id) <= clock_timestamp()))))
          or (exists (select from silver.timeseries_backfill_part b where b.rollup_id = r.rollup_id and not isempty(b.remaining))
            and exists (
              select from silver.pending(r.rollup_id) work cross join lateral silver.next_backfill(r.rollup_id, work.backfill) due
              where at_once or due.in_flight * 2 <= due.most)))))
  order by s.source_id
$$;
