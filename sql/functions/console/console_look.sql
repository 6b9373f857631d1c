-- silver.console_look(watched): everything the console's open pages show, in one statement and so in one snapshot: read_at, the clock; fleet
-- (silver.console_fleet); processes (silver.console_processes); details: one silver.console_rollup for each watched rollup that exists.
-- Stable; takes no locks.
create or replace function silver.console_look(
  watched integer[], out read_at text, out fleet jsonb, out processes jsonb, out details jsonb)
language sql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
  select to_jsonb(clock_timestamp()) #>> '{}', silver.console_fleet(), silver.console_processes(),
    (select coalesce(jsonb_agg(d.detail) filter (where d.detail is not null), '[]')
     from (select silver.console_rollup(w) as detail from (select distinct unnest(watched) as w) as ids) as d)
$$;
