-- silver.maintain_timeseries_tables(target_table_name, keep_logs): routine maintenance of a target, or of all: sets a better partition interval
-- for partitions to come (silver.optimize_chunk_interval), makes partitions ahead of need, analyses, prunes logs older than keep_logs, and drops
-- what retention_period says (silver.apply_retention). A busy table delays a step and never keeps readers waiting.
-- Returns what it did or put off, as written to silver.timeseries_maintenance_log; nothing when there was nothing to do.
-- One transaction, so locks pile up for the moment at its end when partitions are dropped; CALL silver.run_maintenance() commits for each target.
-- Errors: 42P01 no such table; 22023 not a target, or keep_logs negative; 25001 above READ COMMITTED, when there is something to drop. Locks: see silver.maintain_rollup and silver.expire_rollup.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.maintain_timeseries_tables(
  target_table_name text default null, keep_logs interval default interval '30 days')
returns setof silver.timeseries_maintenance_log
language plpgsql
as $$
declare
  chosen integer[];
  one integer;
begin
  if keep_logs is null or keep_logs < interval '0' then
    raise exception 'keep_logs: % is no age', coalesce(keep_logs::text, 'null')
      using errcode = '22023', hint = 'Pass an interval of 0 or more.';
  end if;
  if target_table_name is null then
    chosen := array(select r.rollup_id from silver.timeseries_rollup_config r order by r.rollup_id desc);
  else
    chosen := array[(silver.resolve_rollup('target_table_name', target_table_name)).rollup_id];
  end if;
  foreach one in array chosen loop
    return query select * from silver.maintain_rollup(one);
  end loop;
  return query select * from silver.prune_logs(chosen, keep_logs);
  -- Last, for its locks keep readers out until the transaction ends. Children come before their parents.
  foreach one in array chosen loop
    return query select * from silver.expire_rollup(one);
  end loop;
end
$$;
