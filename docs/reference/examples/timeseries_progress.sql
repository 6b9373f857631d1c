insert into public.readings values ('2026-03-01 12:05+00', 'a', 30, 1000);
select silver.invalidate('public.readings_daily', '2026-03-02', '2026-03-03');
--> 1

select rollup_id, wanted, lower(covered), dirty from silver.timeseries_progress order by rollup_id;
--> 1 | {["2026-03-01 00:00:00+00",)} | 2026-03-01 00:00:00+00 | {}
--> 2 | {["2026-03-01 00:00:00+00",)} | 2026-03-01 00:00:00+00 | {["2026-03-02 00:00:00+00","2026-03-03 00:00:00+00")}
