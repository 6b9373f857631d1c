-- silver.halve_chunk(chunk_id, worker_id, attempt, error, took_ms): replaces a chunk that proved too big by two of half its buckets, and returns what their
-- jobs carry; the caller sends them in the same transaction. It leaves by silver.release_chunk, so its dirt is given back, and its halves take
-- it again: at no moment is it lost. The error goes to the error log, but does not count against the rollup.
--   error     as for silver.fail_chunk
--   took_ms   how long it ran before it failed: the rollup's window and averages learn from it, so that the next chunks are smaller too
-- No row, and nothing written, when it holds one bucket, is gone or dead, or is held by an attempt; of a cancelled backfill it only leaves. Locks: chunk row, progress row, config row.
create or replace function silver.halve_chunk(chunk_id bigint, worker_id text, attempt integer, error jsonb, took_ms double precision)
returns setof silver.delivery
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
  numbers int8multirange;
  first_half int8multirange;
  halves bigint[];
begin
  select * into c from silver.timeseries_chunk ch
  where ch.chunk_id = halve_chunk.chunk_id and ch.buckets > 1 and ch.state <> 'dead' for update skip locked;
  if c.chunk_id is null then
    return;
  end if;
  select silver.bucket_numbers(c.ranges, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin) into strict numbers
  from silver.timeseries_rollup_config r where r.rollup_id = c.rollup_id;
  first_half := silver.take_buckets(numbers, (c.buckets + 1) / 2);
  perform silver.log_chunk_error(c.rollup_id, c.chunk_id, halve_chunk.worker_id, halve_chunk.attempt, error);
  perform silver.release_chunk(c.chunk_id);
  if exists (select from silver.timeseries_backfill b where b.backfill_id = c.backfill_id and b.state = 'cancelled') then
    return;
  end if;
  select array_agg(e.chunk_id) into halves
  from silver.enqueue_chunks(c.rollup_id, greatest(1, c.buckets / 2), jsonb_build_array(
    jsonb_build_object('reason', c.reason, 'buckets', first_half::text, 'trace', c.trace, 'backfill', c.backfill_id),
    jsonb_build_object('reason', c.reason, 'buckets', (numbers - first_half)::text, 'trace', c.trace, 'backfill', c.backfill_id))) e;
  update silver.timeseries_chunk ch set due_at = c.due_at, last_error = error ->> 'message' where ch.chunk_id = any (halves);
  update silver.timeseries_rollup_config r
  set avg_duration_ms = r.avg_duration_ms + (greatest(halve_chunk.took_ms, r.avg_duration_ms) - r.avg_duration_ms) / 3
  where r.rollup_id = c.rollup_id and r.avg_duration_ms is not null and c.reason in ('forward', 'backfill');
  perform silver.show_rollup_state(c.rollup_id);
  return query select d.* from unnest(halves) with ordinality as h (id, place) cross join lateral silver.delivery_of(h.id) d order by h.place;
end
$$;
