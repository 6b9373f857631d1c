-- A rollup that others read goes after them.
select silver.drop_rollup('public.readings_hourly');
--! 2BP01: target_table_name: readings_hourly is the source of readings_daily
select silver.drop_rollup('public.readings_daily', drop_table => true);
select silver.drop_rollup('public.readings_hourly');

select count(*) from public.readings_hourly;
--> 96
