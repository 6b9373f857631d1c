-- silver.prune_logs(rollups, keep): deletes rows of the refresh, error and maintenance logs of these rollups that are older than `keep`, and error rows
-- of no rollup; at most 100,000 of each log a call, so that a call stays short. Of silver.timeseries_invalidation_log, which has no foreign key, it deletes
-- what belongs to no source. Returns the log rows it wrote. Locks: rows.
create or replace function silver.prune_logs(rollups integer[], keep interval)
returns setof silver.timeseries_maintenance_log
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  one record;
  began timestamptz;
  pruned bigint;
begin
  for one in
    select * from (values
      ('timeseries_refresh_log', 'refresh_id', 'finished_at'),
      ('timeseries_error_log', 'error_id', 'occurred_at'),
      ('timeseries_maintenance_log', 'maintenance_id', 'finished_at')) as log (name, id, at)
  loop
    began := clock_timestamp();
    execute format(
      'delete from silver.%1$I d using (
         select l.%2$I from silver.%1$I l
         where l.%3$I < $1 and coalesce(l.rollup_id = any ($2), true) order by l.%3$I limit 100000) as old
       where d.%2$I = old.%2$I', one.name, one.id, one.at)
      using clock_timestamp() - keep, rollups;
    get diagnostics pruned = row_count;
    if pruned > 0 then
      return query select * from silver.log_maintenance(null, 'prune log', 'silver.' || one.name,
        format('older than %s', keep), pruned, began);
    end if;
  end loop;
  delete from silver.timeseries_invalidation_log l
  where not exists (select from silver.timeseries_tracked_source s where s.source_id = l.source_id);
end
$$;
