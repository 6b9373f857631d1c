-- The last chunk of each rollup that read anything.
select distinct on (rollup_id) rollup_id, reason, ranges, buckets, rows_read, rows_inserted, rows_updated, rows_deleted
from silver.timeseries_refresh_log where rows_read > 0 order by rollup_id, refresh_id desc;
--> 1 | forward | {["2026-03-01 00:00:00+00","2026-03-03 00:00:00+00")} | 48 | 576 | 96 | 0 | 0
--> 2 | forward | {["2026-03-01 00:00:00+00","2026-03-03 00:00:00+00")} | 2 | 96 | 4 | 0 | 0
