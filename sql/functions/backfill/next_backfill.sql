-- silver.next_backfill(rollup_id, backfill): the order whose turn it is, of those that have some of this set left (what silver.pending gives as backfill)
-- and may plan a chunk now: of the highest priority, then the oldest. No row when there is none.
--   ranges  its share of the set
--   in_flight, most  how many of its chunks are in flight, and may be
--   room    how many of it may be planned now, by that and its chunks_per_minute (of which a minute's worth is saved up); while the rollup's circuit
--           is open (see probe_at) one, when that instant has passed and no chunk is in flight
-- Volatile, for time passes; takes no locks.
create or replace function silver.next_backfill(rollup_id integer, backfill tstzmultirange)
returns table (backfill_id bigint, ranges tstzmultirange, direction text, priority integer, in_flight bigint, most integer, room integer)
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  select b.backfill_id, p.remaining * next_backfill.backfill, b.direction, b.priority, flight.chunks, limits.most, least(
    case when r.probe_at is not null then 1 end,
    limits.most - flight.chunks,
    floor(extract(epoch from clock_timestamp() - greatest(b.next_chunk_at, clock_timestamp() - interval '1 minute'))
      * b.chunks_per_minute / 60) + 1)::integer as room
  from silver.timeseries_backfill_part p
  join silver.timeseries_backfill b on b.backfill_id = p.backfill_id
  join silver.timeseries_rollup_config r on r.rollup_id = p.rollup_id
  cross join lateral (select coalesce(b.max_in_flight, r.max_in_flight) as most) as limits
  cross join lateral (
    select count(*) as chunks from silver.timeseries_chunk c
    where c.rollup_id = p.rollup_id and c.backfill_id = b.backfill_id and c.state <> 'dead') as flight
  where p.rollup_id = next_backfill.rollup_id and not isempty(p.remaining) and not isempty(next_backfill.backfill)
    and p.remaining && next_backfill.backfill
    and flight.chunks < limits.most
    and (r.probe_at is null or r.probe_at <= clock_timestamp()
      and not exists (select from silver.timeseries_chunk c where c.rollup_id = p.rollup_id and c.state <> 'dead'))
    and (b.chunks_per_minute is null or b.next_chunk_at <= clock_timestamp())
  order by b.priority desc, b.backfill_id
  limit 1
$$;
