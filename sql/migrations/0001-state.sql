-- The state of Silver: every fact the planner, the workers and the live views rely on.
-- States, ranges and ownership are constraints first (design: promises 3 and 4), code second.
-- Tables of the specification keep its names; columns it lists keep its meaning.

create schema if not exists silver;

comment on schema silver is 'Silver: distributed, exact time-series rollups.';

create type silver.timed_value as (at timestamptz, value text, value_type regtype);
comment on type silver.timed_value is 'State of the aggregates silver.first_value and silver.last_value.';

------------------------------------------------------------------------------------------------------------------------
-- Sources: one row for every table some rollup reads.

create table silver.timeseries_tracked_source (
  source_id integer generated always as identity primary key,
  source_table regclass not null unique,
  kind text not null check (kind in ('raw', 'derived', 'untracked')),
  time_column name not null,
  time_zone text,
  horizon timestamptz not null default '-infinity',
  log_unit interval not null default interval '1 hour' check (log_unit > interval '0'),
  drain_grace interval not null default interval '1 second' check (drain_grace >= interval '0'),
  members jsonb not null default '{}',
  tracking boolean not null default true,
  created_at timestamptz not null default clock_timestamp(),
  check (kind <> 'derived' or horizon = 'infinity')
);

comment on table silver.timeseries_tracked_source is
  'One row per table that a rollup reads. Locked by the planner; read by every tracking trigger.';
comment on column silver.timeseries_tracked_source.source_table is 'The table read, by oid: a rename changes nothing.';
comment on column silver.timeseries_tracked_source.kind is
  'raw: tracked by triggers and sealed. derived: the target of a rollup, written by chunks, always logged. untracked: no triggers (look_back mode).';
comment on column silver.timeseries_tracked_source.time_column is 'The column whose instant decides the bucket of a row.';
comment on column silver.timeseries_tracked_source.time_zone is
  'Zone in which a timestamp or date column is read; null for timestamptz.';
comment on column silver.timeseries_tracked_source.horizon is
  'Writes below it are logged by the tracking trigger; at or above it nothing is written. Infinity: all are logged.';
comment on column silver.timeseries_tracked_source.log_unit is
  'Width of the bins the tracking trigger logs: the finest bucket of the source''s rollups.';
comment on column silver.timeseries_tracked_source.drain_grace is
  'How long a sealed range waits for its earlier writers before it is computed provisionally.';
comment on column silver.timeseries_tracked_source.members is
  'Partition tree and tracking triggers as last adopted: oid to fingerprint and bounds; where the catalog differs now, the source is unsettled.';
comment on column silver.timeseries_tracked_source.tracking is 'False after silver.track_off: nothing is logged.';

create table silver.timeseries_source_extent (
  source_id integer primary key references silver.timeseries_tracked_source (source_id) on delete cascade,
  first_at timestamptz,
  last_at timestamptz,
  row_estimate double precision,
  read_at timestamptz not null
);

comment on table silver.timeseries_source_extent is
  'Where the rows of a source lay when the planner looked last: for sizing chunks, never for deciding what is right. Apart from the source''s row, which every insert reads.';
comment on column silver.timeseries_source_extent.source_id is 'The source.';
comment on column silver.timeseries_source_extent.first_at is 'Smallest instant of a row; null when unknown.';
comment on column silver.timeseries_source_extent.last_at is 'Largest instant of a row; null when unknown.';
comment on column silver.timeseries_source_extent.row_estimate is 'Rows by the statistics of PostgreSQL; null before the first ANALYZE.';
comment on column silver.timeseries_source_extent.read_at is 'When it was looked up.';

------------------------------------------------------------------------------------------------------------------------
-- Rollups.

create table silver.timeseries_rollup_config (
  rollup_id integer generated always as identity primary key,
  source_table regclass not null,
  target_table regclass not null unique,
  source_id integer not null references silver.timeseries_tracked_source (source_id),
  rollup_table_interval interval not null,
  bucket_time_zone text not null default 'UTC',
  bucket_origin timestamptz not null,
  mode text not null default 'track' check (mode in ('track', 'look_back')),
  look_back_window interval not null check (look_back_window >= interval '0'),
  start_from timestamptz not null,
  safety_buffer interval not null check (safety_buffer >= interval '0'),
  retention_period interval check (retention_period > interval '0'),
  freeze_after interval check (freeze_after > interval '0'),
  partition_interval interval check (partition_interval > interval '0'),
  processing_window interval check (processing_window > interval '0'),
  target_chunk_duration interval not null default interval '1 second' check (target_chunk_duration > interval '0'),
  priority integer not null default 0 check (priority between -1000 and 1000),
  max_in_flight integer not null default 8 check (max_in_flight between 1 and 10000),
  max_retries integer not null default 10 check (max_retries between 0 and 1000),
  retry_delay interval not null default interval '1 second' check (retry_delay > interval '0'),
  retry_delay_max interval not null default interval '5 minutes' check (retry_delay_max >= interval '1 second'),
  rerun_interval interval not null default interval '1 second' check (rerun_interval >= interval '0'),
  chunk_timeout interval not null default interval '5 minutes' check (chunk_timeout > interval '0'),
  stale_after interval not null default interval '30 minutes' check (stale_after > interval '0'),
  alert_threshold interval not null default interval '1 hour' check (alert_threshold > interval '0'),
  work_mem text not null default '64MB' check (work_mem ~ '^[0-9]+(kB|MB|GB)$'),
  paused_until timestamptz,
  status text not null default 'idle' check (status in ('idle', 'processing', 'error', 'paused')),
  worker_id text,
  retry_count integer not null default 0 check (retry_count >= 0),
  last_processed_time timestamptz,
  avg_duration_ms double precision check (avg_duration_ms >= 0),
  avg_rows double precision check (avg_rows >= 0),
  avg_buckets double precision check (avg_buckets > 0),
  created_with jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  check (source_table <> target_table)
);
create index on silver.timeseries_rollup_config (source_id);

comment on table silver.timeseries_rollup_config is
  'One row per rollup: source table to target table at one interval. Settings, and the state of its work kept true while chunks run.';
comment on column silver.timeseries_rollup_config.source_table is 'The table the rollup was declared on: raw rows, or the target of another rollup.';
comment on column silver.timeseries_rollup_config.target_table is 'The table written.';
comment on column silver.timeseries_rollup_config.source_id is 'The source it reads: that of source_table, or the root source where a column does not compose.';
comment on column silver.timeseries_rollup_config.rollup_table_interval is 'Width of a bucket: months alone, or days and time alone.';
comment on column silver.timeseries_rollup_config.bucket_time_zone is 'Zone in which buckets of days and months begin at local midnight.';
comment on column silver.timeseries_rollup_config.bucket_origin is 'A bucket begins here; all others are counted from it.';
comment on column silver.timeseries_rollup_config.mode is 'track: exact, by triggers. look_back: no triggers, the last look_back_window is recomputed each time.';
comment on column silver.timeseries_rollup_config.look_back_window is 'How far before its creation the rollup starts, unless start_from was given; in look_back mode also how far back it recomputes.';
comment on column silver.timeseries_rollup_config.start_from is 'The live start, on a bucket boundary; the watermark begins here.';
comment on column silver.timeseries_rollup_config.safety_buffer is 'A bucket falls due this long after its end.';
comment on column silver.timeseries_rollup_config.retention_period is 'Target rows older than this are dropped, by whole partitions; null keeps all.';
comment on column silver.timeseries_rollup_config.freeze_after is 'Buckets older than this are final: late rows are counted, not computed; null freezes nothing.';
comment on column silver.timeseries_rollup_config.partition_interval is 'Width of the target''s partitions; null: the target is a plain table.';
comment on column silver.timeseries_rollup_config.processing_window is 'The chunk size now in force; null until the first chunk was sized.';
comment on column silver.timeseries_rollup_config.target_chunk_duration is 'How long a chunk should take; the window is steered towards it.';
comment on column silver.timeseries_rollup_config.priority is 'Added to the priority of the chunk''s job; higher runs first.';
comment on column silver.timeseries_rollup_config.max_in_flight is 'At most this many chunks of the rollup are planned and not committed.';
comment on column silver.timeseries_rollup_config.max_retries is 'Attempts after the first before a chunk is dead.';
comment on column silver.timeseries_rollup_config.retry_delay is 'First delay of the exponential backoff.';
comment on column silver.timeseries_rollup_config.retry_delay_max is 'Longest delay of the exponential backoff.';
comment on column silver.timeseries_rollup_config.rerun_interval is 'Late work is planned at most this often, so that buckets dirtied without end are not computed without end.';
comment on column silver.timeseries_rollup_config.chunk_timeout is 'Longest time one statement of a chunk may take.';
comment on column silver.timeseries_rollup_config.stale_after is 'A chunk that has been running this long and holds no lock died with its worker and is taken over.';
comment on column silver.timeseries_rollup_config.alert_threshold is 'A lag above this is an alert.';
comment on column silver.timeseries_rollup_config.work_mem is 'work_mem of the chunk''s transaction.';
comment on column silver.timeseries_rollup_config.paused_until is 'Nothing is planned before this instant; infinity: until resumed; null: not paused.';
comment on column silver.timeseries_rollup_config.status is 'idle; processing: a chunk runs; error: a chunk is dead or retrying; paused.';
comment on column silver.timeseries_rollup_config.worker_id is 'The worker that started a chunk last, among those running; null when none runs.';
comment on column silver.timeseries_rollup_config.retry_count is 'Highest number of retries among the chunks in flight.';
comment on column silver.timeseries_rollup_config.last_processed_time is 'The watermark: end of the covered run that begins at start_from; null before the first. A backfill never moves it.';
comment on column silver.timeseries_rollup_config.avg_duration_ms is 'Moving average of a chunk''s duration in milliseconds.';
comment on column silver.timeseries_rollup_config.avg_rows is 'Moving average of the source rows read by a chunk.';
comment on column silver.timeseries_rollup_config.avg_buckets is 'Moving average of the buckets of a chunk.';
comment on column silver.timeseries_rollup_config.created_with is 'The arguments of create_rollup_table; calling it again with the same ones changes nothing.';

create table silver.timeseries_rollup_column (
  rollup_id integer not null references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  position integer not null check (position > 0),
  column_name name not null,
  role text not null check (role in ('time', 'dimension', 'row_count', 'min', 'max', 'sum', 'count', 'avg',
    'mode', 'values', 'array', 'first', 'first_time', 'last', 'last_time')),
  metric name,
  input_column name,
  input_number smallint,
  column_type text not null,
  nullable boolean not null,
  composes boolean not null default true,
  primary key (rollup_id, position),
  unique (rollup_id, column_name),
  check ((role in ('time', 'row_count')) = (metric is null))
);

comment on table silver.timeseries_rollup_column is 'The columns of each target, what each of them means and where it comes from.';
comment on column silver.timeseries_rollup_column.role is 'What the column holds for its metric.';
comment on column silver.timeseries_rollup_column.metric is 'The column of the root source it describes (or the dimension); null for the time and the row count.';
comment on column silver.timeseries_rollup_column.input_column is 'The column of the table read that it is computed from; null where it takes none or several.';
comment on column silver.timeseries_rollup_column.input_number is 'Its number in that table, by which a renamed column is told from a dropped one.';
comment on column silver.timeseries_rollup_column.column_type is 'Type in the target, as format_type gives it.';
comment on column silver.timeseries_rollup_column.nullable is 'Whether a null is possible.';
comment on column silver.timeseries_rollup_column.composes is 'Whether a coarser level can be computed from this column exactly.';

create table silver.timeseries_rollup_statement (
  rollup_id integer primary key references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  fill text not null,
  refresh text not null,
  compare text not null,
  shape text not null,
  compiled_at timestamptz not null default clock_timestamp()
);

comment on table silver.timeseries_rollup_statement is
  'The SQL of each rollup''s chunks, made by silver.compile_rollup. $1 and $2: the range [lower, upper); $3: the bucket starts within it where buckets follow a calendar.';
comment on column silver.timeseries_rollup_statement.fill is 'Plain INSERT, for a range of the target that is empty.';
comment on column silver.timeseries_rollup_statement.refresh is 'Computes the range afresh and writes only what differs.';
comment on column silver.timeseries_rollup_statement.compare is 'Computes the range afresh and returns what differs, writing nothing.';
comment on column silver.timeseries_rollup_statement.shape is 'Fingerprint of the columns read; a chunk checks it before it writes.';

create table silver.timeseries_dimension_config (
  source_table regclass not null,
  dimension_column name not null,
  description text,
  is_active boolean not null default true,
  created_at timestamptz not null default clock_timestamp(),
  primary key (source_table, dimension_column)
);

comment on table silver.timeseries_dimension_config is
  'Columns of a source by which its rollups group. Read when a rollup is created; a change later leaves existing rollups as they are.';
comment on column silver.timeseries_dimension_config.source_table is 'The source table.';
comment on column silver.timeseries_dimension_config.dimension_column is 'A column of it.';
comment on column silver.timeseries_dimension_config.description is 'What the dimension is, for people.';
comment on column silver.timeseries_dimension_config.is_active is 'Whether rollups created from now on group by it.';

------------------------------------------------------------------------------------------------------------------------
-- Progress: what a rollup is to cover, has covered, and must compute again.

create table silver.timeseries_progress (
  rollup_id integer primary key references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  wanted tstzmultirange not null,
  covered tstzmultirange not null default '{}',
  dirty tstzmultirange not null default '{}',
  late_planned_at timestamptz not null default '-infinity',
  frozen_until timestamptz not null default '-infinity',
  frozen_hits bigint not null default 0 check (frozen_hits >= 0),
  frozen_hit_at timestamptz,
  check (covered <@ wanted),
  check (dirty <@ wanted)
);

comment on table silver.timeseries_progress is
  'pending = wanted before the head - covered + dirty - in flight. Locked last by workers, first by the planner.';
comment on column silver.timeseries_progress.wanted is 'The set of time the rollup is to cover.';
comment on column silver.timeseries_progress.covered is 'The set of time its target has been computed for.';
comment on column silver.timeseries_progress.dirty is 'What must be computed again because source rows changed since.';
comment on column silver.timeseries_progress.late_planned_at is 'When late work was planned last; see rerun_interval.';
comment on column silver.timeseries_progress.frozen_until is 'Covered buckets before it are final (freeze_after); moved only past what is clean.';
comment on column silver.timeseries_progress.frozen_hits is 'Buckets touched by late changes after they were frozen, counted once a consumed log; they keep what they had.';
comment on column silver.timeseries_progress.frozen_hit_at is 'When that happened last.';

create table silver.timeseries_chunk (
  chunk_id bigint generated always as identity primary key,
  rollup_id integer not null references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  ranges tstzmultirange not null check (not isempty(ranges)),
  buckets bigint not null check (buckets > 0),
  reason text not null check (reason in ('forward', 'late', 'backfill', 'repair')),
  state text not null default 'queued' check (state in ('queued', 'running', 'retrying', 'dead')),
  attempt integer not null default 0 check (attempt >= 0),
  worker_id text,
  job_id uuid not null unique default gen_random_uuid(),
  trace text,
  planned_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  last_error text,
  check ((state = 'queued') or attempt > 0),
  check ((state = 'running') = (worker_id is not null and started_at is not null)),
  -- Promise 3: no bucket of a rollup is ever in two chunks. gist has an opclass for int8range, none for integer.
  constraint timeseries_chunk_alone exclude using gist (int8range(rollup_id, rollup_id, '[]') with &&, ranges with &&)
);
create index on silver.timeseries_chunk (rollup_id);

comment on table silver.timeseries_chunk is
  'The chunks in flight. A row leaves by its commit, or by silver.release_chunk, which gives what was covered of it back to dirty.';
comment on column silver.timeseries_chunk.ranges is 'Whole buckets, possibly scattered.';
comment on column silver.timeseries_chunk.buckets is 'How many buckets they are.';
comment on column silver.timeseries_chunk.reason is 'forward: new; late: covered and changed since; backfill: ordered; repair: found wrong by verify.';
comment on column silver.timeseries_chunk.state is 'queued; running: an attempt was announced; retrying: it failed and waits; dead: out of attempts.';
comment on column silver.timeseries_chunk.attempt is 'Number of the last attempt started, from 1.';
comment on column silver.timeseries_chunk.worker_id is 'Who runs it, while running.';
comment on column silver.timeseries_chunk.job_id is 'The pg-boss job that delivers it.';
comment on column silver.timeseries_chunk.trace is 'traceparent of the plan span.';
comment on column silver.timeseries_chunk.last_error is 'Message of the last failed attempt.';

create table silver.timeseries_drain (
  drain_id bigint generated always as identity primary key,
  source_id integer not null references silver.timeseries_tracked_source (source_id) on delete cascade,
  range tstzrange not null check (not isempty(range)),
  noted_after xid8 not null default pg_current_xact_id(),
  writers xid8[],
  provisional boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);
create index on silver.timeseries_drain (source_id);

comment on table silver.timeseries_drain is
  'Ranges below a horizon whose earlier writers are still to end. Until then a row may become visible there without having been logged.';
comment on column silver.timeseries_drain.noted_after is 'The transaction that moved the horizon. Writers are noted by a later one, never by itself.';
comment on column silver.timeseries_drain.writers is 'Transactions that had written to the source when they were noted; null: not noted yet, so nothing there may be planned.';
comment on column silver.timeseries_drain.provisional is 'The grace is over: the range is computed, and becomes dirty once more when the writers have ended.';

create table silver.timeseries_invalidation_log (
  log_id bigint generated always as identity primary key,
  source_id integer not null references silver.timeseries_tracked_source (source_id) on delete cascade,
  touched tstzmultirange not null,
  groups jsonb,
  logged_at timestamptz not null default clock_timestamp()
);
create index on silver.timeseries_invalidation_log (source_id);
alter table silver.timeseries_invalidation_log set (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 10000);

comment on table silver.timeseries_invalidation_log is
  'What changed below the horizon: appended by triggers, consumed by the planner, never truncated.';
comment on column silver.timeseries_invalidation_log.touched is 'The bins of log_unit that hold changed rows.';
comment on column silver.timeseries_invalidation_log.groups is 'Room for the (bucket, dimensions) groups touched, where they are few; null: whole buckets.';

------------------------------------------------------------------------------------------------------------------------
-- Logs.

create table silver.timeseries_refresh_log (
  refresh_id bigint generated always as identity primary key,
  rollup_id integer not null references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  chunk_id bigint,
  reason text not null,
  ranges tstzmultirange not null,
  buckets bigint not null,
  attempt integer not null,
  worker_id text,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  duration_ms double precision not null check (duration_ms >= 0),
  rows_read bigint not null check (rows_read >= 0),
  rows_inserted bigint not null check (rows_inserted >= 0),
  rows_updated bigint not null check (rows_updated >= 0),
  rows_deleted bigint not null check (rows_deleted >= 0),
  target_rows_estimate bigint,
  target_bytes bigint,
  trace text
);
create index on silver.timeseries_refresh_log (rollup_id, finished_at);
create index on silver.timeseries_refresh_log (finished_at);

comment on table silver.timeseries_refresh_log is 'One row per committed chunk, written in its transaction.';

create table silver.timeseries_error_log (
  error_id bigint generated always as identity primary key,
  rollup_id integer references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  chunk_id bigint,
  attempt integer,
  worker_id text,
  error_message text not null,
  sql_state text,
  detail text,
  hint text,
  context text,
  attempted_query text,
  trace text,
  occurred_at timestamptz not null default clock_timestamp()
);
create index on silver.timeseries_error_log (rollup_id, occurred_at);
create index on silver.timeseries_error_log (occurred_at);

comment on table silver.timeseries_error_log is 'One row per failed attempt, written after its transaction was rolled back.';
