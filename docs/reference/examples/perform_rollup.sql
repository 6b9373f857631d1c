insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);

select * from silver.perform_rollup() order by target_table;
--> public.readings_daily | 1 | 0 | 1 | 24 | 1
--> public.readings_hourly | 1 | 0 | 1 | 7 | 1

-- Nothing is due: nothing is done.
select * from silver.perform_rollup('public.readings_hourly');
