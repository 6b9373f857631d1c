alter table public.readings_hourly add constraint cool check (max_temperature < 25);
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups();

select c.target_table, e.sql_state, e.failures, e.chunks, e.last_message
from silver.error_patterns('1 day') e join silver.timeseries_rollup_config c using (rollup_id);
--> readings_hourly | 23514 | 1 | 1 | new row for relation … violates check constraint "cool"
