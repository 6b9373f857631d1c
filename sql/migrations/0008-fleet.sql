-- What a fleet needs to remember of its rollups: how often in a row they failed. What the job of a chunk carries.

create type silver.delivery as (
  chunk_id bigint, job_id uuid, rollup_id integer, target_name text, reason text, priority integer, max_retries integer,
  retry_delay_s integer, retry_delay_max_s integer, chunk_timeout_ms double precision, attempts_spent integer, trace text, former_job uuid);
comment on type silver.delivery is
  'What the job of a chunk carries and is bounded by. former_job: the job to be ended with it, where there was one.';

alter table silver.timeseries_rollup_config
  add column circuit_after integer not null default 5 check (circuit_after between 1 and 1000),
  add column failures integer not null default 0 check (failures >= 0),
  add column probe_at timestamptz,
  add constraint timeseries_rollup_config_probe check (probe_at is null or failures > 0);

comment on column silver.timeseries_rollup_config.circuit_after is
  'After this many failures in a row the circuit opens: one chunk at a time is tried, after a growing rest, until one succeeds.';
comment on column silver.timeseries_rollup_config.failures is 'Attempts that failed since the last success.';
comment on column silver.timeseries_rollup_config.probe_at is 'While the circuit is open: no chunk is planned before this instant; null: the circuit is closed.';

comment on column silver.timeseries_rollup_config.max_retries is
  'Attempts after the first before a chunk is dead; a chunk in flight heeds a lower number at once, a higher one when it is planned again.';
comment on column silver.timeseries_rollup_config.chunk_timeout is
  'Longest time a chunk may take before PostgreSQL cancels it; then it is halved. SILVER_CHUNK_TIMEOUT_MS caps it.';
