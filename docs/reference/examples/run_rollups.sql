insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups();

select row_count, max_temperature from public.readings_daily where "timestamp" = '2026-03-01' and device = 'a';
--> 145 | 30

-- One target alone.
call silver.run_rollups('public.readings_hourly');
