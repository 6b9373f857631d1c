-- Compute the first day again, of this target alone.
select silver.invalidate('public.readings_hourly', '2026-03-01', '2026-03-02');
--> 1
-- Of every rollup of the source, without end.
select silver.invalidate('public.readings', '2026-03-01');
--> 1
select silver.invalidate('public.readings', '2026-03-02', '2026-03-01');
--! 22023: from_time, to_time: the range from 2026-03-02 00:00:00+00 to 2026-03-01 00:00:00+00 is empty
