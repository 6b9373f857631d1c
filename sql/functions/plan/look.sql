-- silver.look(sources, beyond): what a scheduler's look for due work finds at these sources, at those of numbers beyond that one, which it does not know
-- yet, and at all that have a log to consume, writers to await or dirt to plan: another scheduler may have consumed the log and died. So a look costs in
-- proportion to the sources asked for and those with something to do; beside these it is one pass over a row for each rollup.
--   is_due       there is something to do now (silver.source_is_due)
--   is_at_rest   there is nothing to do before due_in_ms (silver.is_at_rest); it need not be asked for until then
--   due_in_ms    milliseconds until something falls due by itself; null: nothing will
-- Stable; takes no locks.
create or replace function silver.look(sources integer[], beyond integer)
returns table (source_id integer, source_name text, is_due boolean, is_at_rest boolean, due_in_ms double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
  s silver.timeseries_tracked_source;
begin
  for s in
    select * from silver.timeseries_tracked_source t
    where t.source_id = any (sources) or t.source_id > beyond
      or t.source_id in (
        select l.source_id from silver.timeseries_invalidation_log l
        union select d.source_id from silver.timeseries_drain d
        union select r.source_id from silver.timeseries_progress p join silver.timeseries_rollup_config r on r.rollup_id = p.rollup_id
          where not isempty(p.dirty) and coalesce(r.paused_until <= now(), true))
    order by t.source_id
  loop
    source_id := s.source_id;
    source_name := s.source_table::text;
    is_due := silver.source_is_due(s, false);
    is_at_rest := not is_due and silver.is_at_rest(s.source_id);
    due_in_ms := extract(epoch from silver.next_due_at(s.source_id) - clock_timestamp()) * 1000;
    return next;
  end loop;
end
$$;
