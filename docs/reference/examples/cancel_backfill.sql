select silver.start_backfill('public.readings_hourly', '2026-02-01', '2026-03-01');
--> 1
select silver.cancel_backfill(1);
--> t
select state, done_buckets, total_buckets from silver.timeseries_backfill_progress where backfill_id = 1;
--> cancelled | 0 | 700
select wanted from silver.timeseries_progress order by rollup_id limit 1;
--> {["2026-03-01 00:00:00+00",)}
