-- A column more, with values in some old rows, and one that is called otherwise.
alter table public.readings add column humidity integer;
alter table public.readings rename column counter to total;
update public.readings set humidity = 40 where at < '2026-03-01 01:00+00';
select target_table, change, column_name from silver.sync_rollup('public.readings_hourly') where column_name in ('max_humidity', 'max_counter');
--> readings_hourly | renamed | max_counter
--> readings_hourly | added | max_humidity
--> readings_daily | added | max_humidity
call silver.run_rollups();
select "timestamp", max_humidity, count_humidity, max_counter from public.readings_daily where device = 'a' order by 1;
--> 2026-03-01 00:00:00+00 | 40 | 6 | 1430
--> 2026-03-02 00:00:00+00 |  | 0 | 1430
