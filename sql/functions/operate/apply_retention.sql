-- silver.apply_retention(target_table_name): drops what is older than the rollup's retention_period, by whole partitions; see silver.expire_rollup. null:
-- every rollup that has one. Children before parents, so that a child that forgets does not hold its parent.
-- Returns what it did or put off, as written to silver.timeseries_maintenance_log. Part of silver.maintain_timeseries_tables.
-- Errors: 42P01 no such table; 22023 not a target; 25001 above READ COMMITTED, when there is something to drop. Locks: as silver.expire_rollup, until the transaction ends: call it in one of its own.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.apply_retention(target_table_name text default null)
returns setof silver.timeseries_maintenance_log
language plpgsql
as $$
declare
  chosen integer;
  one integer;
begin
  if target_table_name is not null then
    chosen := (silver.resolve_rollup('target_table_name', target_table_name)).rollup_id;
  end if;
  for one in
    select r.rollup_id from silver.timeseries_rollup_config r
    where coalesce(r.rollup_id = chosen, target_table_name is null) and r.retention_period is not null
    order by r.rollup_id desc
  loop
    return query select * from silver.expire_rollup(one);
  end loop;
end
$$;
