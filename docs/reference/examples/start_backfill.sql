-- Rows of February arrive; the rollups begin with March.
insert into public.readings values ('2026-02-27 12:05+00', 'a', 21, 1);
select silver.start_backfill('public.readings_hourly', '2026-02-27', '2026-02-28');
--> 1
call silver.run_rollups();
select state, done_buckets, total_buckets from silver.timeseries_backfill_progress where backfill_id = 1;
--> finished | 25 | 25
select row_count from public.readings_daily where "timestamp" = '2026-02-27' and device = 'a';
--> 1
-- The hourly rollup alone, gently, while others work.
select silver.start_backfill('public.readings_hourly', '2026-03-01', '2026-03-02', descendants => false, max_in_flight => 1, chunks_per_minute => 30);
--> 2
select silver.start_backfill('public.readings_daily', '2026-02-20', '2026-02-21');
--! 55000: public.readings_hourly, which public.readings_daily reads, is not to cover 2026-02-20 00:00:00+00 to 2026-02-21 00:00:00+00
