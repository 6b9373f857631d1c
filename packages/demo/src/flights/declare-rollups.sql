-- Flights per hour and origin, from the raw rows.
select silver.create_rollup_table(
  source_table_name => 'public.flights',
  target_schema => 'public',
  target_table_name => 'flights_hourly_by_origin',
  rollup_table_interval => '1 hour',
  dimensions => '{origin}',
  exclude => '{destination}',
  start_from => '2001-01-01 00:00Z');

-- The same per day, from the hourly rollup: it reads 424,259 rows instead of 3,000,000.
select silver.create_rollup_table(
  source_table_name => 'public.flights_hourly_by_origin',
  target_schema => 'public',
  target_table_name => 'flights_daily_by_origin',
  rollup_table_interval => '1 day',
  start_from => '2001-01-01 00:00Z');

-- Per day and route, from the raw rows.
select silver.create_rollup_table(
  source_table_name => 'public.flights',
  target_schema => 'public',
  target_table_name => 'flights_daily_by_route',
  rollup_table_interval => '1 day',
  dimensions => '{origin,destination}',
  start_from => '2001-01-01 00:00Z');
