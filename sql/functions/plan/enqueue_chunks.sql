-- silver.enqueue_chunks(rollup_id, window_buckets, chunks): makes chunks of pending work and takes it out of dirty; the caller sends
-- one job for each row returned, in the same transaction. window_buckets: the chunk size now in force, shown as processing_window;
-- null leaves it. chunks: [{"reason": "forward", "buckets": "{[1,5)}", "trace": "00-…"}, …], buckets as runs of bucket numbers; those of a
-- backfill carry its number as "backfill", and count against its chunks_per_minute.
-- Partitions are made ahead of the chunks; a WARNING when that fails, for the chunk tries again and fails by itself, alone.
-- Errors: 23P01 when a bucket is in another chunk already (promise 3), 22023 when something not wanted is asked for.
-- The caller holds silver.lock_source. Locks: the progress row; the row of a backfill with chunks_per_minute; SHARE UPDATE EXCLUSIVE on the target when a partition is made.
create or replace function silver.enqueue_chunks(rollup_id integer, window_buckets bigint, chunks jsonb)
returns table (chunk_id bigint, job_id uuid, reason text, buckets text)
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  item record;
  chunk_ranges tstzmultirange;
  near tstzmultirange := '{}';
  late_planned boolean := false;
begin
  select * into strict p from silver.timeseries_progress pr where pr.rollup_id = enqueue_chunks.rollup_id for update;
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = enqueue_chunks.rollup_id;
  for item in select * from jsonb_to_recordset(chunks) as c (reason text, buckets int8multirange, trace text, backfill bigint) loop
    chunk_ranges := silver.bucket_ranges(item.buckets, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    if not chunk_ranges <@ p.wanted then
      raise exception 'the chunk % of % is not wanted: %', chunk_ranges, r.target_table, p.wanted using errcode = '22023';
    end if;
    -- A long stretch is likely empty: its chunk makes the partitions it turns out to need.
    if (select sum(extract(epoch from upper(x) - lower(x)) / extract(epoch from r.partition_interval)) <= 12
        from unnest(chunk_ranges) as x)
    then
      near := near + chunk_ranges;
    end if;
    insert into silver.timeseries_chunk as c (rollup_id, ranges, precise, buckets, reason, trace, backfill_id, due_at)
    values (r.rollup_id, chunk_ranges, case when item.reason = 'late' then p.precise * p.covered * chunk_ranges else '{}' end,
      (select sum(upper(n) - lower(n)) from unnest(item.buckets) as n), item.reason, item.trace, item.backfill,
      case when item.reason in ('late', 'repair') then coalesce(p.dirty_since, clock_timestamp()) end)
    returning c.chunk_id, c.job_id, c.reason into chunk_id, job_id, reason;
    p.dirty := p.dirty - chunk_ranges;
    p.precise := p.precise - chunk_ranges;
    update silver.timeseries_backfill b
    set next_chunk_at = greatest(b.next_chunk_at, clock_timestamp() - interval '1 minute') + interval '1 minute' / b.chunks_per_minute
    where b.backfill_id = item.backfill and b.chunks_per_minute is not null;
    late_planned := late_planned or item.reason = 'late';
    buckets := item.buckets::text;
    return next;
  end loop;
  begin
    perform silver.ensure_partitions(rollup_id, near);
  exception when others then
    -- The target is busy, or gone: its chunk makes them itself, or fails and says so. The other rollups of the source must not wait for this one.
    raise warning '%: no partitions made ahead: %', r.target_table, sqlerrm;
  end;
  update silver.timeseries_progress pr
  set dirty = p.dirty, late_planned_at = case when late_planned then clock_timestamp() else pr.late_planned_at end
  where pr.rollup_id = r.rollup_id and (pr.dirty <> p.dirty or late_planned);
  update silver.timeseries_rollup_config c set processing_window = c.rollup_table_interval * window_buckets, updated_at = clock_timestamp()
  where c.rollup_id = r.rollup_id and window_buckets is not null
    and c.processing_window is distinct from c.rollup_table_interval * window_buckets;
end
$$;
