-- silver.is_at_rest(source_id): whether nothing is to be done for a source before silver.next_due_at(source_id) unless somebody writes to it, changes its
-- partition tree, or gives a command: everything due is covered, nothing is dirty, in flight, ordered or held back. A source that is due is not at rest.
-- Stable; takes no locks.
create or replace function silver.is_at_rest(source_id integer)
returns boolean
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
  return not exists (select from silver.timeseries_drain d where d.source_id = is_at_rest.source_id)
    and not exists (select from silver.timeseries_invalidation_log l where l.source_id = is_at_rest.source_id)
    and not exists (
      select from silver.timeseries_rollup_config r join silver.timeseries_progress p on p.rollup_id = r.rollup_id
      where r.source_id = is_at_rest.source_id and coalesce(r.paused_until <= now(), true) and (
        r.status <> 'idle' or r.probe_at is not null or not isempty(p.dirty)
        or exists (select from silver.timeseries_chunk c where c.rollup_id = r.rollup_id)
        or exists (select from silver.timeseries_backfill_part b where b.rollup_id = r.rollup_id and not isempty(b.remaining))
        or not p.wanted * tstzmultirange(tstzrange(null, silver.due_until(r.rollup_id))) <@ p.covered));
end
$$;
