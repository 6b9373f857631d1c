-- From pg_cron, once an hour:
call silver.run_maintenance();

select action, count(*) from silver.timeseries_maintenance_log group by action order by action;
--> analyze | 2
--> create partition | 2
