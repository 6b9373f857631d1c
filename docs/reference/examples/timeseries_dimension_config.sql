insert into silver.timeseries_dimension_config (source_table, dimension_column, description)
values ('public.readings', 'device', 'The device that took the reading');

select silver.create_rollup_table('public.readings', 'public', 'readings_minutely', '1 minute');
--> readings_minutely
select column_name from silver.timeseries_rollup_column
where role = 'dimension' and rollup_id = (
  select rollup_id from silver.timeseries_rollup_config where target_table = 'public.readings_minutely'::regclass);
--> device
