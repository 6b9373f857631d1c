-- silver.pending_work(source_id, at_once): one row per rollup of the source that has work to plan and room for chunks in flight: what is
-- pending as runs of bucket numbers, and what the planner needs to size the chunks. Buckets are numbered (silver.bucket_index), so that
-- whole buckets are whole numbers to whoever cuts them. Late work is left out for rerun_interval after the last, unless at_once.
-- backfill: what is pending of the order whose turn it is (silver.next_backfill), beside live work and below it, so its chunks take no room of that.
-- late_scale: how many times the buckets of a chunk a late one may hold, being computed by group (silver.late_scale).
-- For a long backlog only: data_from and data_to, the buckets the source's rows lie in (what lies outside is taken for empty);
-- estimated_density, source rows a bucket; the grid of the source's partitions.
-- all_in_flight: the chunks in flight of all rollups of all sources.
-- The caller holds silver.lock_source and the progress rows. Locks: the row of the source's extent.
create or replace function silver.pending_work(source_id integer, at_once boolean default false)
returns table (
  rollup_id integer, target_name text, priority integer, max_in_flight integer, in_flight integer, all_in_flight integer,
  max_retries integer, retry_delay_s integer, retry_delay_max_s integer, chunk_timeout_ms double precision,
  forward text, late text, backfill text, backfill_id bigint, backfill_direction text, backfill_priority integer, backfill_room integer,
  window_buckets bigint, late_scale double precision,
  target_duration_ms double precision, avg_duration_ms double precision, avg_rows double precision, avg_buckets double precision,
  data_from bigint, data_to bigint, estimated_density double precision, partition_buckets bigint, partition_offset bigint)
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  work record;
  ordered record;
  extent record;
  forward_numbers int8multirange;
  late_numbers int8multirange;
  backfill_numbers int8multirange;
begin
  all_in_flight := (select count(*) from silver.timeseries_chunk c where c.state <> 'dead');
  for r in
    select * from silver.timeseries_rollup_config c
    where c.source_id = pending_work.source_id and coalesce(c.paused_until <= now(), true)
    order by c.rollup_id
  loop
    in_flight := (
      select count(*) from silver.timeseries_chunk c
      where c.rollup_id = r.rollup_id and c.state <> 'dead' and c.reason <> 'backfill');
    max_in_flight := in_flight + silver.room_in_flight(r.rollup_id);
    select * into work from silver.pending(r.rollup_id);
    if not at_once and silver.late_rests_until(r.rollup_id) > clock_timestamp() then
      work.late := '{}';
    end if;
    if max_in_flight <= in_flight then
      work.forward := '{}';
      work.late := '{}';
    end if;
    -- While the circuit is open, one chunk is tried, of live work if there is any.
    if r.probe_at is not null and not (isempty(work.forward) and isempty(work.late)) then
      work.backfill := '{}';
    end if;
    -- Planned anew at each call, 1.6 ms, so it is not called for nothing.
    if isempty(work.backfill) then
      select null::bigint as backfill_id, null::tstzmultirange as ranges, null::text as direction, null::integer as priority, null::integer as room into ordered;
    else
      select b.backfill_id, b.ranges, b.direction, b.priority, b.room into ordered from silver.next_backfill(r.rollup_id, work.backfill) b;
    end if;
    continue when isempty(work.forward) and isempty(work.late) and ordered.backfill_id is null;
    forward_numbers := silver.bucket_numbers(work.forward, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    late_numbers := silver.bucket_numbers(work.late, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    backfill_numbers := silver.bucket_numbers(
      coalesce(ordered.ranges, '{}'), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    rollup_id := r.rollup_id;
    target_name := r.target_table::text;
    priority := r.priority;
    max_retries := r.max_retries;
    retry_delay_s := greatest(1, extract(epoch from r.retry_delay)::integer);
    retry_delay_max_s := greatest(1, extract(epoch from r.retry_delay_max)::integer);
    chunk_timeout_ms := extract(epoch from r.chunk_timeout) * 1000;
    forward := forward_numbers::text;
    late := late_numbers::text;
    backfill := backfill_numbers::text;
    backfill_id := ordered.backfill_id;
    backfill_direction := ordered.direction;
    backfill_priority := ordered.priority;
    backfill_room := ordered.room;
    -- Null until a first chunk was sized: greatest() alone would make that 1.
    window_buckets := case when r.processing_window is not null then
      greatest(1, floor(extract(epoch from r.processing_window) / extract(epoch from r.rollup_table_interval)))::bigint end;
    late_scale := case when isempty(work.late) then 1 else silver.late_scale(r.rollup_id, work.late) end;
    target_duration_ms := extract(epoch from r.target_chunk_duration) * 1000;
    avg_duration_ms := r.avg_duration_ms;
    avg_rows := r.avg_rows;
    avg_buckets := r.avg_buckets;
    data_from := null;
    data_to := null;
    estimated_density := null;
    partition_buckets := null;
    partition_offset := null;
    if (select sum(upper(n) - lower(n)) from unnest(forward_numbers + backfill_numbers) as n) > coalesce(window_buckets, 1) then
      select * into extent from silver.recent_extent(source_id);
      if extent.first_at is not null then
        data_from := silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, extent.first_at);
        data_to := silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, extent.last_at) + 1;
        estimated_density := extent.row_estimate / (data_to - data_from);
      end if;
      if silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, extent.partition_from) = extent.partition_from then
        partition_offset := silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, extent.partition_from);
        partition_buckets := nullif(silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, extent.partition_to)
          - partition_offset, 0);
      end if;
    end if;
    return next;
  end loop;
end
$$;
