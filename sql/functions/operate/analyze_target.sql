-- silver.analyze_target(rollup_id): ANALYZE of the rollup's target. SECURITY DEFINER: only an owner may, and maintenance owns nothing; PostgreSQL
-- computes index expressions as the table's owner. Locks: SHARE UPDATE EXCLUSIVE on target and partitions until the transaction ends.
create or replace function silver.analyze_target(rollup_id integer)
returns void
language plpgsql strict security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('analyze %s', (
    select r.target_table from silver.timeseries_rollup_config r where r.rollup_id = analyze_target.rollup_id));
end
$$;

revoke all on function silver.analyze_target(integer) from public;
