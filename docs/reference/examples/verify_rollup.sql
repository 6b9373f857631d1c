-- Nothing differs: no rows.
select * from silver.verify_rollup('public.readings_hourly');

-- Someone wrote to the target by hand.
update public.readings_hourly set row_count = 7 where "timestamp" = '2026-03-01 12:00+00' and device = 'a';
select bucket, expected ->> 'row_count' as expected, stored ->> 'row_count' as stored
from silver.verify_rollup('public.readings_hourly', repair => true);
--> 2026-03-01 12:00:00+00 | 6 | 7

-- Repaired by the next chunk.
call silver.run_rollups();
select count(*) from silver.verify_rollup('public.readings_hourly', sample => 1000);
--> 0
