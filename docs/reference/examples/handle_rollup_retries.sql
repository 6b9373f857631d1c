-- A chunk that fails ...
alter table public.readings_hourly add constraint cool check (max_temperature < 25);
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups('public.readings_hourly');
select state, attempt, last_error from silver.timeseries_chunk;
--> retrying | 1 | new row for relation … violates check constraint "cool"

-- ... is tried again when its time has come and someone calls. Here the reason is gone by then.
alter table public.readings_hourly drop constraint cool;
select pg_sleep(extract(epoch from retry_at - clock_timestamp())) from silver.timeseries_chunk;
select target_table, chunks, failed, rows_written from silver.handle_rollup_retries();
--> public.readings_hourly | 1 | 0 | 1
