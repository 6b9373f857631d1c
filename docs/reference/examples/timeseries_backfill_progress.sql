select silver.start_backfill('public.readings_hourly', '2026-03-01', '2026-03-02');
--> 1
select target_table, state, done_fraction, time_left, reason from silver.timeseries_backfill_progress;
--> readings_hourly | open | 0 |  | waits for a scheduler
call silver.run_rollups();
select state, done_fraction from silver.timeseries_backfill_progress;
--> finished | 1
