select silver.pause_rollup('public.readings_hourly');
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups();

-- The table rests; the live view does not.
select t.row_count, l.row_count
from public.readings_hourly t join public.readings_hourly_live l using ("timestamp", device)
where "timestamp" = '2026-03-01 12:00+00' and device = 'a';
--> 6 | 7
