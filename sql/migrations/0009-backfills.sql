-- Backfills: orders to compute a range of the past, or to compute it again, below live work. What an order still has to do is a set of time,
-- as everything pending is: whoever is killed has lost nothing, and whoever looks sees how far it is.

-- Both come back with the functions, silver.pending with one more column, which no replacement can add.
drop view if exists silver.timeseries_operations_monitor;
drop function if exists silver.pending(integer);

create table silver.timeseries_backfill (
  backfill_id bigint generated always as identity primary key,
  rollup_id integer not null references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  range tstzrange not null check (not isempty(range)),
  descendants boolean not null,
  forced boolean not null,
  direction text not null check (direction in ('newest-first', 'oldest-first')),
  priority integer not null default 0 check (priority between -1000 and 1000),
  max_in_flight integer check (max_in_flight between 1 and 10000),
  chunks_per_minute double precision check (chunks_per_minute > 0 and chunks_per_minute < 'infinity'),
  next_chunk_at timestamptz not null default '-infinity',
  state text not null default 'open' check (state in ('open', 'finished', 'cancelled')),
  requested_by name not null default session_user,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  cancelled_at timestamptz,
  cancelled_by name,
  check ((state = 'finished') = (finished_at is not null)),
  check ((state = 'cancelled') = (cancelled_at is not null and cancelled_by is not null))
);
create index on silver.timeseries_backfill (rollup_id);

comment on table silver.timeseries_backfill is
  'One row per order to compute a range of a rollup, made by silver.start_backfill. How far each is: timeseries_backfill_progress.';
comment on column silver.timeseries_backfill.backfill_id is 'Identifies the order.';
comment on column silver.timeseries_backfill.rollup_id is 'The rollup it was ordered for.';
comment on column silver.timeseries_backfill.range is 'The range as it was asked for.';
comment on column silver.timeseries_backfill.descendants is 'Whether the rollups of its target, and theirs in turn, are computed too.';
comment on column silver.timeseries_backfill.forced is 'Whether frozen buckets are computed again, and what has expired is passed by.';
comment on column silver.timeseries_backfill.direction is 'Which end of the range is computed first.';
comment on column silver.timeseries_backfill.priority is 'Orders of higher priority go first; all of them go after live work.';
comment on column silver.timeseries_backfill.max_in_flight is 'At most this many of its chunks, per rollup, are planned and not committed; null: as the rollup''s max_in_flight.';
comment on column silver.timeseries_backfill.chunks_per_minute is 'At most this many chunks are planned a minute; null: no limit.';
comment on column silver.timeseries_backfill.next_chunk_at is 'With chunks_per_minute: the next chunk is not planned before.';
comment on column silver.timeseries_backfill.state is 'open; finished: all of it is computed; cancelled.';
comment on column silver.timeseries_backfill.requested_by is 'Who ordered it.';
comment on column silver.timeseries_backfill.created_at is 'When it was ordered.';
comment on column silver.timeseries_backfill.finished_at is 'When its last chunk was committed.';
comment on column silver.timeseries_backfill.cancelled_at is 'When it was cancelled.';
comment on column silver.timeseries_backfill.cancelled_by is 'Who cancelled it.';

create table silver.timeseries_backfill_part (
  backfill_id bigint not null references silver.timeseries_backfill (backfill_id) on delete cascade,
  rollup_id integer not null references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  ranges tstzmultirange not null check (not isempty(ranges)),
  added tstzmultirange not null,
  remaining tstzmultirange not null,
  total_buckets bigint not null check (total_buckets > 0),
  dropped_buckets bigint not null default 0 check (dropped_buckets between 0 and total_buckets),
  primary key (backfill_id, rollup_id),
  check (added <@ ranges),
  check (remaining <@ ranges)
);
create index on silver.timeseries_backfill_part (rollup_id) where not isempty(remaining);

comment on table silver.timeseries_backfill_part is
  'What a backfill is to compute of each rollup, in whole buckets. Changed under the lock of the rollup''s progress row.';
comment on column silver.timeseries_backfill_part.backfill_id is 'The order.';
comment on column silver.timeseries_backfill_part.rollup_id is 'The rollup.';
comment on column silver.timeseries_backfill_part.ranges is 'All of it.';
comment on column silver.timeseries_backfill_part.added is 'What the rollup was not to cover before, by itself: taken back, as far as it is not computed, by silver.cancel_backfill.';
comment on column silver.timeseries_backfill_part.remaining is 'What no chunk has committed since the order; empty once it is cancelled.';
comment on column silver.timeseries_backfill_part.total_buckets is 'How many buckets ranges holds.';
comment on column silver.timeseries_backfill_part.dropped_buckets is 'How many of them were left when it was cancelled.';

alter table silver.timeseries_chunk
  add column backfill_id bigint references silver.timeseries_backfill (backfill_id) on delete set null,
  add constraint timeseries_chunk_backfill check (backfill_id is null or reason = 'backfill');
create index on silver.timeseries_chunk (backfill_id) where backfill_id is not null;
comment on column silver.timeseries_chunk.backfill_id is 'The order it was cut for.';

alter table silver.timeseries_refresh_log add column backfill_id bigint;
create index on silver.timeseries_refresh_log (backfill_id, finished_at) where backfill_id is not null;
comment on column silver.timeseries_refresh_log.backfill_id is 'The backfill the chunk was cut for; null for other reasons.';

comment on column silver.timeseries_rollup_config.max_in_flight is
  'At most this many chunks of the rollup are planned and not committed; beside them, as many of backfills, or that order''s max_in_flight.';
