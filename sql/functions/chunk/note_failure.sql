-- silver.note_failure(rollup_id): counts one more failure in a row of the rollup. From circuit_after on the circuit is open: no chunk is planned
-- before probe_at, which moves further away with each failure, as a retry does (silver.retry_delay). A success closes it.
-- Locks: the config row.
create or replace function silver.note_failure(rollup_id integer)
returns void
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  update silver.timeseries_rollup_config r
  set failures = r.failures + 1, updated_at = clock_timestamp(),
    probe_at = case when r.failures + 1 >= r.circuit_after
      then clock_timestamp() + silver.retry_delay(r.rollup_id, r.failures + 2 - r.circuit_after) end
  where r.rollup_id = note_failure.rollup_id
$$;
