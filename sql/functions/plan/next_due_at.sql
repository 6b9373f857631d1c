-- silver.next_due_at(only_source): the earliest instant to come at which something falls due by itself, of that source or, null, of any: a bucket's end
-- plus its safety buffer, the end of a drain's grace, of the rest between two late runs, two chunks of a backfill, or before a probe, or of a pause;
-- null when there is none. Stable; takes no locks.
create or replace function silver.next_due_at(only_source integer default null)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  s silver.timeseries_tracked_source;
  earliest timestamptz;
begin
  for s in select * from silver.timeseries_tracked_source t where coalesce(t.source_id = only_source, true) loop
    earliest := least(earliest, (
      select min(due.at)
      from silver.timeseries_rollup_config r
      join silver.timeseries_progress p on p.rollup_id = r.rollup_id
      cross join lateral unnest(array[
        case when coalesce(r.paused_until <= now(), true) then case s.kind
          when 'derived' then silver.due_at(r.rollup_id, silver.bucket_after(r, silver.due_until(r.rollup_id)))
          else silver.bucket_after(r, now() - r.safety_buffer) + r.safety_buffer end end,
        case when not isempty(p.dirty) then silver.late_rests_until(r.rollup_id) end,
        r.probe_at,
        case when isfinite(r.paused_until) then r.paused_until end,
        (select min(b.next_chunk_at) from silver.timeseries_backfill b where b.rollup_id = r.rollup_id and b.state = 'open' and b.next_chunk_at > now())
      ]) as due (at)
      where r.source_id = s.source_id and due.at > now()), (
      select min(d.created_at + s.drain_grace) from silver.timeseries_drain d
      where d.source_id = s.source_id and not d.provisional and d.created_at + s.drain_grace > now()));
  end loop;
  return earliest;
end
$$;
