select line from silver.explain_rollup('public.readings_daily') with ordinality as e (line, n) where n <= 8 order by n;
--> readings_daily: readings_hourly by 1 day in UTC, from 2026-03-01 00:00:00+00 on
--> time: "timestamp"; mode: track; a bucket falls due 00:00:00 after its end
-->
--> columns
-->   "timestamp"      : start of the bucket; exact; composes
-->   device           : dimension; exact; composes
-->   row_count        : source rows; exact; composes
-->   min_temperature  : least temperature; exact; composes
-- Then the stored statements, and the plan of a chunk:
select line from silver.explain_rollup('public.readings_daily') as line where line like 'plan of %';
--> plan of …
