-- silver.retry_delay(rollup_id, attempt): how long a chunk rests after this attempt failed: the rollup's retry_delay, doubled with each
-- attempt, at most its retry_delay_max. Null for an unknown rollup. Stable; takes no locks.
create or replace function silver.retry_delay(rollup_id integer, attempt integer)
returns interval
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select least(r.retry_delay_max, r.retry_delay * (2 ^ least(greatest(attempt, 1) - 1, 20)))
  from silver.timeseries_rollup_config r where r.rollup_id = retry_delay.rollup_id
$$;
