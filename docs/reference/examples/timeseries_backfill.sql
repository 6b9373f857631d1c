select silver.start_backfill('public.readings_hourly', '2026-03-01', '2026-03-02', max_in_flight => 1);
--> 1
-- An order that is under way can be slowed down, or let go, in its row.
update silver.timeseries_backfill set max_in_flight = null, chunks_per_minute = 10 where backfill_id = 1;
select direction, chunks_per_minute, state from silver.timeseries_backfill;
--> newest-first | 10 | open
