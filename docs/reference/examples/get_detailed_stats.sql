analyze public.readings_hourly, public.readings_daily;
select table_name, role, partitions > 0 as partitioned, total_bytes > 0 as stored, row_estimate
from silver.get_detailed_stats('readings%') order by table_name;
--> readings | source | f | t | 576
--> readings_daily | target | t | t | 4
--> readings_hourly | target | t | t | 96
