select silver.track_off('public.readings');
--> t
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);

select silver.track_on('public.readings');
--> t
call silver.run_rollups();
select row_count from public.readings_hourly where "timestamp" = '2026-03-01 12:00+00' and device = 'a';
--> 7
