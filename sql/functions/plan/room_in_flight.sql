-- silver.room_in_flight(rollup_id): how many more chunks of live work of the rollup may be planned now: up to max_in_flight, dead ones and those of
-- backfills (silver.next_backfill) not counted; none while it is
-- paused; and while its circuit is open (see probe_at) one, when that instant has passed and none is in flight.
-- Null for an unknown rollup. Volatile, for time passes; takes no locks.
create or replace function silver.room_in_flight(rollup_id integer)
returns integer
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select case
      when r.paused_until > clock_timestamp() then 0
      when r.probe_at is not null then (silver.probe_is_due(r) and flight.chunks = 0)::integer
      else greatest(0, r.max_in_flight - flight.live) end::integer
    from silver.timeseries_rollup_config r
    cross join lateral (
      select count(*) as chunks, count(*) filter (where c.reason <> 'backfill') as live from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.state <> 'dead') as flight
    where r.rollup_id = room_in_flight.rollup_id);
end
$$;
