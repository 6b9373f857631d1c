create view public.by_week as select silver.time_bucket('7 days', at) as week, count(*) from public.readings group by 1;
select silver.uninstall();
--! 2BP01: something depends on Silver: rule _RETURN on view by_week
select silver.uninstall(cascade_views => true);
--> readings_hourly
--> readings_daily
-- The targets stay; writing to the source costs nothing any more.
select count(*) from public.readings_hourly;
--> 96
insert into public.readings values (now(), 'a', 20, 0);
select to_regnamespace('silver') is null as is_gone;
--> t
