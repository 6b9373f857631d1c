select silver.pause_rollup('public.readings_hourly', now() + interval '1 hour');
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);

select silver.resume_rollup('public.readings_hourly');
call silver.run_rollups();
select row_count from public.readings_hourly where "timestamp" = '2026-03-01 12:00+00' and device = 'a';
--> 7
