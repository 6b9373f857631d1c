-- What operating by SQL alone needs: chunks that no job delivers, when a failed one is tried again, since when work waits, and
-- what maintenance did.

------------------------------------------------------------------------------------------------------------------------
-- Functions that read sources for the live views, with the rights of their owner. Who may read a view reaches its function through it;
-- nobody is granted USAGE here, so nobody reaches one without the view.

create schema silver_live;

comment on schema silver_live is 'What the live views call. Not for calling by name.';

------------------------------------------------------------------------------------------------------------------------
-- Chunks and dirt know since when they wait, and who computes them.

alter table silver.timeseries_chunk
  add column delivered_by text not null default 'job' check (delivered_by in ('job', 'call')),
  add column retry_at timestamptz,
  add column due_at timestamptz,
  add constraint timeseries_chunk_retry check (retry_at is null or state = 'retrying');

comment on column silver.timeseries_chunk.chunk_id is 'Identifies the chunk for ever; its job carries it.';
comment on column silver.timeseries_chunk.rollup_id is 'The rollup whose buckets they are.';
comment on column silver.timeseries_chunk.planned_at is 'When it was cut.';
comment on column silver.timeseries_chunk.started_at is 'When the running attempt was announced; null when none runs.';
comment on column silver.timeseries_chunk.delivered_by is
  'job: a pg-boss job delivers it to a worker. call: silver.perform_rollup or silver.run_rollups made it; a call computes it, unless a scheduler finds it first and gives it a job.';
comment on column silver.timeseries_chunk.retry_at is
  'While retrying: when the next attempt is due, by the rollup''s backoff. pg-boss adds jitter to its own.';
comment on column silver.timeseries_chunk.due_at is
  'Late and repair chunks: since when the change waits to be computed; null for others, whose buckets say when they fell due.';

alter table silver.timeseries_progress add column dirty_since timestamptz;
update silver.timeseries_progress set dirty_since = clock_timestamp() where not isempty(dirty);
alter table silver.timeseries_progress add constraint timeseries_progress_dirty_since check (isempty(dirty) = (dirty_since is null));

comment on column silver.timeseries_progress.rollup_id is 'The rollup.';
comment on column silver.timeseries_progress.dirty_since is
  'Since when dirty is not empty; kept by the trigger of silver.stamp_dirty. The lag of late work is counted from it.';

------------------------------------------------------------------------------------------------------------------------
-- What maintenance did.

create table silver.timeseries_maintenance_log (
  maintenance_id bigint generated always as identity primary key,
  rollup_id integer references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  action text not null check (action in (
    'create partition', 'drop partition', 'delete rows', 'analyze', 'set partition interval', 'prune log', 'delayed')),
  object_name text not null,
  detail text,
  affected_rows bigint check (affected_rows >= 0),
  started_at timestamptz not null,
  finished_at timestamptz not null default clock_timestamp()
);
create index on silver.timeseries_maintenance_log (rollup_id, finished_at);
create index on silver.timeseries_maintenance_log (finished_at);

comment on table silver.timeseries_maintenance_log is
  'What silver.maintain_timeseries_tables and silver.apply_retention did, and what they put off because a table was busy.';
comment on column silver.timeseries_maintenance_log.maintenance_id is 'Identifies the entry.';
comment on column silver.timeseries_maintenance_log.rollup_id is 'The rollup whose target it was; null for the logs of all.';
comment on column silver.timeseries_maintenance_log.action is 'What was done; delayed: what could not be done this time, and is tried again.';
comment on column silver.timeseries_maintenance_log.object_name is 'The table, partition or log.';
comment on column silver.timeseries_maintenance_log.detail is 'Bounds, intervals, or why it was delayed.';
comment on column silver.timeseries_maintenance_log.affected_rows is 'Rows deleted; an estimate for a dropped partition; null where rows mean nothing.';
comment on column silver.timeseries_maintenance_log.started_at is 'When the action began.';
comment on column silver.timeseries_maintenance_log.finished_at is 'When it was done; kept or undone with the caller''s transaction.';

------------------------------------------------------------------------------------------------------------------------
-- The comments 0001 left out.

comment on column silver.timeseries_tracked_source.source_id is 'Identifies the source.';
comment on column silver.timeseries_tracked_source.created_at is 'When the first rollup of the table was declared.';

comment on column silver.timeseries_rollup_config.rollup_id is 'Identifies the rollup.';
comment on column silver.timeseries_rollup_config.created_at is 'When it was declared.';
comment on column silver.timeseries_rollup_config.updated_at is 'When its settings or its state changed last.';

comment on column silver.timeseries_rollup_column.rollup_id is 'The rollup.';
comment on column silver.timeseries_rollup_column.position is 'Where the column stands in the target, from 1.';
comment on column silver.timeseries_rollup_column.column_name is 'Its name in the target.';

comment on column silver.timeseries_rollup_statement.rollup_id is 'The rollup.';
comment on column silver.timeseries_rollup_statement.compiled_at is 'When the text changed last.';

comment on column silver.timeseries_dimension_config.created_at is 'When the row was made.';

comment on column silver.timeseries_drain.drain_id is 'Identifies the record.';
comment on column silver.timeseries_drain.source_id is 'The source whose horizon moved.';
comment on column silver.timeseries_drain.range is 'What the horizon passed.';
comment on column silver.timeseries_drain.created_at is 'When the horizon moved; the grace is counted from it.';

comment on column silver.timeseries_invalidation_log.log_id is 'Identifies the entry.';
comment on column silver.timeseries_invalidation_log.source_id is 'The source that changed.';
comment on column silver.timeseries_invalidation_log.logged_at is 'When the statement ended that changed it.';

comment on column silver.timeseries_refresh_log.refresh_id is 'Identifies the entry.';
comment on column silver.timeseries_refresh_log.rollup_id is 'The rollup.';
comment on column silver.timeseries_refresh_log.chunk_id is 'The chunk that was committed.';
comment on column silver.timeseries_refresh_log.reason is 'forward, late, backfill or repair, as in timeseries_chunk.';
comment on column silver.timeseries_refresh_log.ranges is 'Which time was computed.';
comment on column silver.timeseries_refresh_log.buckets is 'How many buckets that is.';
comment on column silver.timeseries_refresh_log.attempt is 'Which attempt succeeded, from 1.';
comment on column silver.timeseries_refresh_log.worker_id is 'Who computed it; call/<pid> is a call of perform_rollup, run_rollups or handle_rollup_retries.';
comment on column silver.timeseries_refresh_log.started_at is 'When the computation began.';
comment on column silver.timeseries_refresh_log.finished_at is 'When it was done, just before the commit.';
comment on column silver.timeseries_refresh_log.duration_ms is 'How long it took, in milliseconds.';
comment on column silver.timeseries_refresh_log.rows_read is 'Source rows aggregated.';
comment on column silver.timeseries_refresh_log.rows_inserted is 'Target rows inserted.';
comment on column silver.timeseries_refresh_log.rows_updated is 'Target rows that differed and were updated.';
comment on column silver.timeseries_refresh_log.rows_deleted is 'Target rows whose source rows were all gone.';
comment on column silver.timeseries_refresh_log.target_rows_estimate is 'Rows of the target then, by the planner''s statistics.';
comment on column silver.timeseries_refresh_log.target_bytes is 'Bytes of the target''s heap then, as of its last VACUUM or ANALYZE, without indexes.';
comment on column silver.timeseries_refresh_log.trace is 'traceparent of the span it ran in.';

comment on column silver.timeseries_error_log.error_id is 'Identifies the entry.';
comment on column silver.timeseries_error_log.rollup_id is 'The rollup; null when the chunk was gone already.';
comment on column silver.timeseries_error_log.chunk_id is 'The chunk; null when planning failed.';
comment on column silver.timeseries_error_log.attempt is 'Which attempt failed, from 1; null when planning failed.';
comment on column silver.timeseries_error_log.worker_id is 'Who ran it.';
comment on column silver.timeseries_error_log.error_message is 'The message.';
comment on column silver.timeseries_error_log.sql_state is 'The five characters of SQLSTATE; null for an error outside the database.';
comment on column silver.timeseries_error_log.detail is 'PostgreSQL''s DETAIL.';
comment on column silver.timeseries_error_log.hint is 'PostgreSQL''s HINT.';
comment on column silver.timeseries_error_log.context is 'PostgreSQL''s CONTEXT: the call stack.';
comment on column silver.timeseries_error_log.attempted_query is 'The statement that failed, where known.';
comment on column silver.timeseries_error_log.trace is 'traceparent of the span it failed in.';
comment on column silver.timeseries_error_log.occurred_at is 'When it was recorded.';
