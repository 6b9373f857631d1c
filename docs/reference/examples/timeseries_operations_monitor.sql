select target_table, status, lag_seconds, is_late, pending_buckets, dead, reason
from silver.timeseries_operations_monitor order by rollup_id;
--> readings_hourly | idle | 0 | f | 0 | 0 | fresh
--> readings_daily | idle | 0 | f | 0 | 0 | fresh

-- Who is late, and why.
select target_table, lag_seconds, reason, last_error from silver.timeseries_operations_monitor where is_late;
