select silver.start_backfill('public.readings_hourly', '2026-02-28', '2026-03-02');
--> 1
call silver.run_rollups('public.readings_hourly');
-- The hours are done; of them, those of February were added to what the rollup covers. The day after them is still to be computed.
select r.target_table, p.ranges = p.added + r.start_from_on as is_all, p.total_buckets, isempty(p.remaining) as is_done
from silver.timeseries_backfill_part p
join (select rollup_id, target_table, tstzmultirange(tstzrange(start_from, '2026-03-02')) as start_from_on from silver.timeseries_rollup_config) r using (rollup_id)
order by rollup_id;
--> readings_hourly | t | 48 | t
--> readings_daily | t | 2 | f
