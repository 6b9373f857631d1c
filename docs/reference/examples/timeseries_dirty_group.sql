insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
-- As a scheduler does at its next look:
select silver.consume_log(source_id) from silver.timeseries_tracked_source where source_table = 'public.readings'::regclass;
--> 1

select rollup_id, buckets, keys[1] from silver.timeseries_dirty_group;
--> 1 | {"2026-03-01 12:00:00+00"} | ["a"]
call silver.run_rollups();
