alter table public.readings_hourly add constraint cool check (max_temperature < 25);
insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
call silver.run_rollups();

-- What goes wrong, most frequent first.
select sql_state, error_message, count(*), max(occurred_at) > now() - interval '1 hour' as lately
from silver.timeseries_error_log group by sql_state, error_message order by count(*) desc;
--> 23514 | new row for relation … violates check constraint "cool" | 1 | t
