-- silver.plan_call(source_id, rollups, call, provisional): plans and announces the next chunk of a call of silver.perform_rollup or
-- silver.run_rollups: what a scheduler's second transaction does, one chunk at a time. Returns it in chunk_id, or null
-- when nothing of the source is due any more, another session plans it, or planning failed, which is logged and does not
-- stop the call: that of one rollup not even its siblings (call.failed). The rollups' chunks in flight elsewhere are respected: what they hold is not planned.
--   call         {"began": instant, "turn": number, "failed": [rollup_id], "late": {rollup_id: runs}}: what a call remembers, returned
--                brought up to date. Only buckets due when it began are planned, and late ones once, so that a call ends.
--   provisional  true in a call of one transaction, which cannot commit between moving a horizon and noting the writers: ranges
--                whose writers are still to be noted or awaited are computed all the same, and become dirty once more when a
--                later call or tick finds them gone. Right in every case, at the price of computing twice.
-- Locks: silver.lock_source, waiting at most a second; those of note_writers, settle_drains, consume_log and enqueue_chunks.
create or replace function silver.plan_call(
  source_id integer, rollups integer[], inout call jsonb, provisional boolean, out chunk_id bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  work record;
  r silver.timeseries_rollup_config;
  forward int8multirange;
  late int8multirange;
  empty int8multirange;
  part int8multirange;
  buckets bigint;
  chosen text;
  message text;
begin
  if not silver.try_lock_source(source_id) then
    raise notice '%: another session plans it; left to that', (
      select s.source_table from silver.timeseries_tracked_source s where s.source_id = plan_call.source_id);
    return;
  end if;
  perform silver.note_writers(source_id);
  perform silver.settle_drains(source_id);
  if provisional then
    update silver.timeseries_drain d set provisional = true
    where d.source_id = plan_call.source_id and not d.provisional;
  end if;
  perform silver.consume_log(source_id);

  for work in
    select w.* from silver.pending_work(source_id, true) w where w.rollup_id = any (rollups)
    order by w.forward = '{}' and w.late = '{}', w.rollup_id -- Live work of any of them before a backfill.
  loop
    continue when call -> 'failed' @> to_jsonb(work.rollup_id);
    begin
      select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = work.rollup_id;
      forward := work.forward::int8multirange * int8multirange(int8range(null, silver.bucket_index(
        r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, (call ->> 'began')::timestamptz - r.safety_buffer)));
      late := work.late::int8multirange - coalesce((call -> 'late' ->> work.rollup_id::text)::int8multirange, '{}');
      continue when isempty(forward) and isempty(late) and work.backfill_id is null;

      buckets := silver.size_window(work.window_buckets, work.target_duration_ms, work.avg_duration_ms, work.avg_rows,
        work.avg_buckets, work.estimated_density, silver.database_pressure());
      -- Forward and late take turns, so that neither starves the other; backfills come after both.
      if isempty(forward) and isempty(late) then
        chosen := 'backfill';
        part := silver.take_buckets(work.backfill::int8multirange, buckets, work.backfill_direction = 'newest-first');
      elsif isempty(late) or (not isempty(forward) and (call ->> 'turn')::integer % 2 = 0) then
        chosen := 'forward';
        -- What lies before the source's first row or after its last is empty, and so one chunk, however long.
        part := silver.take_buckets(forward * int8multirange(int8range(null, work.data_from)), 9e15::bigint);
        if isempty(part) or work.data_from is null then
          part := silver.take_buckets(forward * int8multirange(int8range(work.data_from, work.data_to)), buckets);
        end if;
        if isempty(part) then
          part := silver.take_buckets(forward, 9e15::bigint);
        end if;
      else
        chosen := 'late';
        part := silver.take_buckets(late, floor(buckets * work.late_scale)::bigint, true);
        if not late <@ part then
          -- The same of late work: 227,000 empty hours took 250 chunks.
          empty := late - int8multirange(silver.occupied_buckets(work.rollup_id));
          part := case when isempty(empty) then part else silver.take_buckets(empty, 9e15::bigint) end;
        end if;
        call := jsonb_set(call, array['late', work.rollup_id::text], to_jsonb(
          (coalesce((call -> 'late' ->> work.rollup_id::text)::int8multirange, '{}') + part)::text));
      end if;
      call := jsonb_set(call, '{turn}', to_jsonb((call ->> 'turn')::integer + 1));
      select e.chunk_id into strict chunk_id
      from silver.enqueue_chunks(work.rollup_id, buckets,
        jsonb_build_array(jsonb_build_object('reason', chosen, 'buckets', part::text, 'trace', null,
          'backfill', case when chosen = 'backfill' then work.backfill_id end))) e;
      update silver.timeseries_chunk c set delivered_by = 'call' where c.chunk_id = plan_call.chunk_id;
      perform silver.start_chunk(chunk_id, silver.caller_id(), 1, null);
      return;
    exception when others then
      -- This rollup cannot be planned; its siblings can.
      chunk_id := null;
      get stacked diagnostics message = message_text;
      call := jsonb_set(call, '{failed}', (call -> 'failed') || to_jsonb(work.rollup_id));
      perform silver.log_call_error(source_id, array[work.rollup_id], sqlstate, message);
    end;
  end loop;
exception when others then
  chunk_id := null;
  get stacked diagnostics message = message_text;
  perform silver.log_call_error(source_id, rollups, sqlstate, message);
end
$$;
