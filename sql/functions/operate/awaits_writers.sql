-- silver.awaits_writers(source_id, call): whether a drain of the source that began before the call may still end, or become
-- provisional, within its grace, so that waiting a little longer is worth it. Stable; takes no locks.
create or replace function silver.awaits_writers(source_id integer, call jsonb)
returns boolean
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select
    from silver.timeseries_drain d join silver.timeseries_tracked_source s on s.source_id = d.source_id
    where d.source_id = awaits_writers.source_id and not d.provisional
      and clock_timestamp() < d.created_at + s.drain_grace + interval '1 second')
$$;
