-- Two rollups, both fresh. The whole list is in docs/telemetry.md.
select gauge, attributes, value from silver.gauges() where gauge in ('rollup.lag_seconds', 'rollups_late', 'rollups') order by gauge, attributes::text;
--> rollup.lag_seconds | {"silver.target": "public.readings_daily"} | 0
--> rollup.lag_seconds | {"silver.target": "public.readings_hourly"} | 0
--> rollups | {"silver.rollup.status": "error"} | 0
--> rollups | {"silver.rollup.status": "idle"} | 2
--> rollups | {"silver.rollup.status": "paused"} | 0
--> rollups | {"silver.rollup.status": "processing"} | 0
--> rollups_late | {} | 0
-- With one name only, what is summed over all counts the other too.
select count(*) from silver.gauges(1) where gauge = 'rollup.lag_seconds';
--> 1
select * from silver.gauges(0);
--! 22023: max_names: 0 names no rollup
