-- All is computed.
select silver.backlog_seconds();
--> 0
-- A hundred hours to come: work, reckoned by the chunks so far.
select silver.invalidate('public.readings', '2026-03-01', '2026-03-03');
--> 1
update silver.timeseries_progress set dirty = covered * '{[2026-03-01, 2026-03-03)}' where rollup_id = 1;
select silver.backlog_seconds() > 0;
--> t
