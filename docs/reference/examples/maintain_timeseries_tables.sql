select action, object_name, detail from silver.maintain_timeseries_tables('public.readings_hourly');
--> create partition | public.readings_hourly | … made ahead
--> analyze | public.readings_hourly |
