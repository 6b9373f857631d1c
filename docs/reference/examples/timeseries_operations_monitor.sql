select target_table, status, lag_seconds, is_late, pending_buckets, dead, reason
from silver.timeseries_operations_monitor order by rollup_id;
--> readings_hourly | idle | 0 | f | 0 | 0 | fresh
--> readings_daily | idle | 0 | f | 0 | 0 | fresh

-- Who is late, and why.
select target_table, lag_seconds, reason, last_error from silver.timeseries_operations_monitor where is_late;

-- How a source has changed since the rollup was declared on it.
alter table public.readings add column humidity integer;
select target_table, source_change from silver.timeseries_operations_monitor where source_change is not null;
--> readings_hourly | not kept until silver.sync_rollup: humidity
