-- silver.expiry_of(rollup_id): the instant before which retention may drop the rollup's target now; null where it has none, or nothing
-- is old enough. A bound between partitions, at least retention_period ago, and not later than
-- the first bucket any child still has to compute: its rows are the child's source (retention waits for children).
-- Stable; takes no locks: the caller holds those that keep the answer true.
create or replace function silver.expiry_of(rollup_id integer)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  grid interval;
  expiry timestamptz;
  bound timestamptz;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = expiry_of.rollup_id;
  if r.retention_period is null then
    return null;
  end if;
  expiry := least(now() - r.retention_period, (select min(b.behind_since) from silver.child_backlogs(rollup_id) b));
  grid := coalesce(r.partition_interval, r.rollup_table_interval);
  expiry := silver.bucket_floor(grid, r.bucket_time_zone,
    case when r.partition_interval is null then r.bucket_origin else silver.bucket_origin(grid, r.bucket_time_zone) end, expiry);
  -- A partition from the time of another interval may straddle it.
  select min(b.lower_at) into bound from silver.partition_bounds(r.target_table) b where b.lower_at < expiry and b.upper_at > expiry;
  return least(expiry, bound);
end
$$;
