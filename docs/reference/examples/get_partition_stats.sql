select partition_name, lower_bound, upper_bound, total_bytes > 0 as stored
from silver.get_partition_stats('public.readings_hourly') limit 2;
--> public.readings_hourly_p20260301 | 2026-03-01 00:00:00+00 | 2026-04-01 00:00:00+00 | t
--> public.readings_hourly_p20260401 | 2026-04-01 00:00:00+00 | 2026-05-01 00:00:00+00 | t
