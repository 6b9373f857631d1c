-- Keep a month of hours; the days stay.
update silver.timeseries_rollup_config set retention_period = '1 month' where target_table = 'public.readings_hourly'::regclass;

select action, object_name, detail from silver.apply_retention('public.readings_hourly') limit 1;
--> drop partition | public.readings_hourly_p20260301 | from 2026-03-01 00:00:00+00 to 2026-04-01 00:00:00+00
select count(*) from public.readings_hourly;
--> 0
select count(*) from public.readings_daily;
--> 4
