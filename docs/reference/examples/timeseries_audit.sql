-- What the console did, newest first. (The console writes it; nobody else needs to.)
select silver.log_action('anna', 'pause', rollup_id, 'Nothing of public.readings_hourly is planned until it is resumed.', '{}', 'paused')
from silver.timeseries_rollup_config where target_table = 'public.readings_hourly'::regclass;
--> 1
select actor, action, target_name, outcome from silver.timeseries_audit order by audit_id desc;
--> anna | pause | public.readings_hourly | paused
