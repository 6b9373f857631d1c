-- A chunk that failed for good.
update silver.timeseries_rollup_config set max_retries = 0 where target_table = 'public.readings_hourly'::regclass;
alter table public.readings_hourly add constraint cool check (max_temperature < 25);
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups('public.readings_hourly');
select target_table, reason, state, from_time, attempt, max_attempts, last_error from silver.timeseries_chunk_monitor;
--> readings_hourly | late | dead | 2026-03-01 12:00:00+00 | 1 | 1 | new row for relation … violates check constraint "cool"
