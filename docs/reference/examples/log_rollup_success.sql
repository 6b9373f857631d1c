-- Called within a chunk's transaction, never by hand. What it wrote for the chunks of the setup:
select r.target_table, l.reason, l.buckets, l.rows_read, l.rows_inserted
from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
where l.rows_read > 0 order by l.refresh_id;
--> readings_hourly | forward | 48 | 576 | 96
--> readings_daily | forward | 2 | 96 | 4
