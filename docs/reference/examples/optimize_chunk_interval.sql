analyze public.readings_hourly;
select current_interval, recommended_interval, wanted_bytes, rows_per_day_estimate, reason
from silver.optimize_chunk_interval('public.readings_hourly', target_bytes => 1048576);
--> 1 mon | 7 days | 1048576 | 48 | 96 kB a day, 1024 kB wanted a partition
