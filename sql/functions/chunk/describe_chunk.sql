-- silver.describe_chunk(chunk_id): what the trace of an attempt tells of its chunk: the stretch of time from its first bucket to its last, how many ranges
-- that is, the traceparent it was sent with, and those of the attempts that failed before. Workers ask while they are traced, schedulers when they send a chunk
-- again. No row when the chunk is gone.
-- Stable; takes no locks.
create or replace function silver.describe_chunk(chunk_id bigint)
returns table (time_range text, ranges bigint, trace text, failed_traces text[])
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select range_merge(c.ranges)::text, (select count(*) from unnest(c.ranges)), c.trace,
    array(
      select e.trace from silver.timeseries_error_log e
      where e.rollup_id = c.rollup_id and e.chunk_id = c.chunk_id and e.trace is not null
      order by e.occurred_at desc limit 20)
  from silver.timeseries_chunk c where c.chunk_id = describe_chunk.chunk_id
$$;
