-- silver.settle_drains(source_id): ends the drain records whose writers have all ended, and marks provisional those that have
-- waited longer than the source's drain_grace, so that a long transaction holds no work back. A record that was
-- provisional makes its range dirty when it ends: what was computed there may lack the late commits. Records waiting for the same
-- remaining writers are merged, so one long transaction leaves a few rows, not one per bucket.
-- Returns the number of records ended. The caller holds silver.lock_source, and has noted the writers.
-- Locks: the drain rows; the progress rows of the source's rollups when something becomes dirty.
create or replace function silver.settle_drains(source_id integer)
returns integer
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  again tstzmultirange;
  ended integer;
begin
  if not exists (select from silver.timeseries_drain d where d.source_id = settle_drains.source_id) then
    return 0;
  end if;
  -- A transaction is visible in a new snapshot when it has ended, either way.
  update silver.timeseries_drain d
  set writers = rest.writers
  from (
    select o.drain_id, array(
      select w from unnest(o.writers) as w where not pg_visible_in_snapshot(w, pg_current_snapshot()) order by w) as writers
    from silver.timeseries_drain o where o.source_id = settle_drains.source_id and o.writers is not null
  ) as rest
  where d.drain_id = rest.drain_id and d.writers is distinct from rest.writers;

  update silver.timeseries_drain d
  set provisional = true
  from silver.timeseries_tracked_source s
  where s.source_id = settle_drains.source_id and d.source_id = s.source_id and not d.provisional
    and cardinality(d.writers) > 0 and clock_timestamp() not between d.created_at - s.drain_grace and d.created_at + s.drain_grace;

  with done as (
    delete from silver.timeseries_drain d
    where d.source_id = settle_drains.source_id and cardinality(d.writers) = 0
    returning d.range, d.provisional
  )
  select count(*), range_agg(d.range) filter (where d.provisional) into ended, again from done d;
  if again is not null then
    perform silver.lock_progress(source_id);
    perform silver.mark_dirty(source_id, again);
  end if;

  with neighbour as (
    select d.drain_id, d.range, d.writers, d.provisional, d.created_at,
      d.range -|- lag(d.range) over same as continues
    from silver.timeseries_drain d
    where d.source_id = settle_drains.source_id and d.provisional
    window same as (partition by d.writers order by d.range)
  ), run as (
    select n.*, count(*) filter (where continues is not true) over (partition by n.writers order by n.range) as run
    from neighbour n
  ), merged as (
    select min(drain_id) as keep, range_merge(range_agg(range)) as range, array_agg(drain_id) as parts
    from run group by writers, run having count(*) > 1
  ), dropped as (
    delete from silver.timeseries_drain d using merged m where d.drain_id = any (m.parts) and d.drain_id <> m.keep
  )
  update silver.timeseries_drain d set range = m.range from merged m where d.drain_id = m.keep;
  return ended;
end
$$;
