-- What schedulers and workers tell of themselves, and how busy the database was, so that the console can show both.

create table silver.timeseries_process (
  process_name text primary key check (process_name <> ''),
  version text not null,
  host text not null,
  pid integer not null,
  slots integer check (slots > 0),
  running integer check (running >= 0),
  cpu_cores double precision check (cpu_cores >= 0),
  memory_bytes bigint not null check (memory_bytes >= 0),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
comment on table silver.timeseries_process is
  'What each scheduler and worker tells of itself every ten seconds, by silver.note_process. Whether it lives its connections say; rows of an hour ago are removed.';
comment on column silver.timeseries_process.process_name is 'The application_name of its connections.';
comment on column silver.timeseries_process.version is 'Of its program.';
comment on column silver.timeseries_process.host is 'The machine it runs on, as it names itself.';
comment on column silver.timeseries_process.pid is 'Its process id there.';
comment on column silver.timeseries_process.slots is 'How many chunks it can run at once; null for a scheduler.';
comment on column silver.timeseries_process.running is 'How many it ran when it said so; null for a scheduler.';
comment on column silver.timeseries_process.cpu_cores is 'How many cores of its machine it kept busy since it last said so; null the first time.';
comment on column silver.timeseries_process.memory_bytes is 'Memory it held.';
comment on column silver.timeseries_process.seen_at is 'When it said so.';

create table silver.timeseries_load (
  taken_at timestamptz primary key default clock_timestamp(),
  active_backends integer,
  lock_waits integer,
  replica_lag_s double precision,
  oldest_xmin_s double precision,
  factor double precision not null check (factor between 0 and 1)
);
comment on table silver.timeseries_load is
  'How busy the database was, as a scheduler read it: a sample every ten seconds at most, however many schedulers run, by silver.note_load; kept for a week.';
comment on column silver.timeseries_load.taken_at is 'When it was read.';
comment on column silver.timeseries_load.active_backends is 'Client backends that ran a statement; null: the role may not know.';
comment on column silver.timeseries_load.lock_waits is 'Lock requests that waited.';
comment on column silver.timeseries_load.replica_lag_s is 'Seconds by which the slowest replica trailed; null: the role may not know.';
comment on column silver.timeseries_load.oldest_xmin_s is 'Seconds since the oldest transaction with a snapshot began; null: the role may not know.';
comment on column silver.timeseries_load.factor is 'How far that scheduler then held planning back: 1 not at all.';
