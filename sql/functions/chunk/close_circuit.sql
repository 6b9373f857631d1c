-- silver.close_circuit(rollup_id): forgets the rollup's failures in a row: a chunk succeeded, or a person says that the cause is mended. What was held
-- back meanwhile is delivered by the next look for chunks without a job. Writes nothing when there were none.
-- Locks: the config row, when it changes.
create or replace function silver.close_circuit(rollup_id integer)
returns void
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
as $$
begin
  update silver.timeseries_rollup_config r set failures = 0, probe_at = null, updated_at = clock_timestamp()
  where r.rollup_id = close_circuit.rollup_id and r.failures > 0;
end
$$;
