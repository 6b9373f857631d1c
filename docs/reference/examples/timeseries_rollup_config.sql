-- Fewer chunks at once, and first in the queue.
update silver.timeseries_rollup_config set max_in_flight = 2, priority = 10
where target_table = 'public.readings_hourly'::regclass;

select source_table, target_table, rollup_table_interval, start_from, max_in_flight
from silver.timeseries_rollup_config order by rollup_id;
--> readings | readings_hourly | 01:00:00 | 2026-03-01 00:00:00+00 | 2
--> readings_hourly | readings_daily | 1 day | 2026-03-01 00:00:00+00 | 8
