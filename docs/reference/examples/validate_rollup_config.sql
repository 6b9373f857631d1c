-- All is well: no rows. Then someone drops the index that live views and late rows need.
select count(*) from silver.validate_rollup_config();
--> 0
drop index public.readings_at_idx;
select severity, target_table, code, message, remedy from silver.validate_rollup_config();
--> warning | public.readings_hourly | time_unindexed | no btree index of public.readings begins with at: each chunk reads the whole table | CREATE INDEX ON public.readings (at);
