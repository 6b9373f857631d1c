-- silver.probe_is_due(rollup): whether a rollup whose circuit is open may try a chunk now: probe_at has passed, or lies further ahead than a rest can be,
-- left there by a clock that ran ahead. True while the circuit is closed. Volatile, for time passes; takes no locks.
create or replace function silver.probe_is_due(rollup silver.timeseries_rollup_config)
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select rollup.probe_at is null or rollup.probe_at <= clock_timestamp()
      or rollup.probe_at > clock_timestamp() + rollup.retry_delay_max);
end
$$;
