-- A chunk that failed waits here for its next attempt.
alter table public.readings_hourly add constraint cool check (max_temperature < 25);
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups();

select rollup_id, ranges, reason, state, attempt, retry_at is not null as waits, last_error from silver.timeseries_chunk;
--> 1 | {["2026-03-01 12:00:00+00","2026-03-01 13:00:00+00")} | late | retrying | 1 | t | new row for relation … violates check constraint "cool"
