-- What was done lately, and what was put off.
select action, object_name, affected_rows, detail, finished_at
from silver.timeseries_maintenance_log order by maintenance_id desc limit 20;
