-- Days of Berlin, by device, kept for a year, without the counter.
select silver.create_rollup_table(
  source_table_name => 'public.readings',
  target_schema => 'public',
  target_table_name => 'readings_berlin',
  rollup_table_interval => '1 day',
  start_from => '2026-03-01',
  dimensions => '{device}',
  exclude => '{counter}',
  bucket_time_zone => 'Europe/Berlin',
  retention_period => '1 year');
--> readings_berlin

select string_agg(column_name, ', ' order by position) from silver.timeseries_rollup_column
where rollup_id = (select rollup_id from silver.timeseries_rollup_config where target_table = 'readings_berlin'::regclass);
--> timestamp, device, row_count, min_temperature, max_temperature, avg_temperature, sum_temperature, count_temperature

-- The same arguments again change nothing; others are refused.
select silver.create_rollup_table('public.readings', 'public', 'readings_hourly', '1 hour',
  dimensions => '{device}', start_from => '2026-03-01');
--> readings_hourly
select silver.create_rollup_table('public.readings', 'public', 'readings_hourly', '2 hours');
--! 42710: readings_hourly was declared with other arguments: …
select silver.create_rollup_table('public.readings', 'public', 'readings_never', '0 hours');
--! 22023: rollup_table_interval: must be longer than nothing, not 00:00:00
