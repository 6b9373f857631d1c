-- One row per chunk in flight, for people: of which rollup, what time it holds, who runs it, and what it waits for.
drop view if exists silver.timeseries_chunk_monitor;
create view silver.timeseries_chunk_monitor as
select
  c.chunk_id,
  r.target_table::text as target_table,
  c.reason,
  c.state,
  lower(c.ranges) as from_time,
  upper(c.ranges) as to_time,
  c.buckets,
  c.attempt,
  r.max_retries + 1 as max_attempts,
  c.worker_id,
  extract(epoch from clock_timestamp() - coalesce(case when c.state = 'running' then c.started_at end, c.planned_at))::double precision as seconds,
  c.retry_at,
  c.backfill_id,
  c.last_error,
  c.trace
from silver.timeseries_chunk c
join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id;

comment on view silver.timeseries_chunk_monitor is 'One row per chunk in flight, dead ones too: its rollup, its time, its state, who runs it, its last error.';
comment on column silver.timeseries_chunk_monitor.chunk_id is 'Identifies the chunk.';
comment on column silver.timeseries_chunk_monitor.target_table is 'The table it writes.';
comment on column silver.timeseries_chunk_monitor.reason is 'forward: new; late: covered and changed since; backfill: ordered; repair: found wrong by verify.';
comment on column silver.timeseries_chunk_monitor.state is 'queued, running, retrying or dead.';
comment on column silver.timeseries_chunk_monitor.from_time is 'Begin of its first bucket.';
comment on column silver.timeseries_chunk_monitor.to_time is 'End of its last bucket; what lies between need not all be its own.';
comment on column silver.timeseries_chunk_monitor.buckets is 'How many buckets it holds.';
comment on column silver.timeseries_chunk_monitor.attempt is 'Number of the last attempt started, from 1; 0: none was.';
comment on column silver.timeseries_chunk_monitor.max_attempts is 'After this many it is dead.';
comment on column silver.timeseries_chunk_monitor.worker_id is 'Who runs it, while running.';
comment on column silver.timeseries_chunk_monitor.seconds is 'How long it has been running; else how long ago it was planned.';
comment on column silver.timeseries_chunk_monitor.retry_at is 'When the next attempt is due.';
comment on column silver.timeseries_chunk_monitor.backfill_id is 'The backfill it was cut for.';
comment on column silver.timeseries_chunk_monitor.last_error is 'Message of the last failed attempt.';
comment on column silver.timeseries_chunk_monitor.trace is 'traceparent of the plan span.';
