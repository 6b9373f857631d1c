-- A rollup that gives up at once, and a chunk that fails.
update silver.timeseries_rollup_config set max_retries = 0 where target_table = 'public.readings_hourly'::regclass;
alter table public.readings_hourly add constraint cool check (max_temperature < 25);
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups('public.readings_hourly');
select state from silver.timeseries_chunk;
--> dead

-- The reason is mended, every dead chunk is tried again.
alter table public.readings_hourly drop constraint cool;
select silver.retry_chunk(chunk_id) from silver.timeseries_chunk where state = 'dead';
--> t
call silver.run_rollups();
select count(*) from silver.timeseries_chunk;
--> 0
