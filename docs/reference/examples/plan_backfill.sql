-- What would it take to have February, of which there are no rows, and the first of March again?
select target_table, buckets, new_buckets, recomputed_buckets, refusal
from silver.plan_backfill('public.readings_hourly', '2026-02-28', '2026-03-02');
--> readings_hourly | 48 | 24 | 24 |
--> readings_daily | 2 | 1 | 1 |
select source_rows > 0 as has_rows, chunks > 0 as has_chunks, duration > '0' as takes_time from silver.plan_backfill('public.readings_hourly') limit 1;
--> t | t | t
