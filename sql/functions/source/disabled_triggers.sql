-- silver.disabled_triggers(source_id): the tracking triggers of a source that do not fire when they must: in every session, or, those for logical
-- replication, in a replica's. Stable; takes no locks.
create or replace function silver.disabled_triggers(source_id integer)
returns table (member regclass, trigger_name name, firing text)
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select t.tgrelid::regclass, t.tgname, f.firing
  from silver.timeseries_tracked_source s
  cross join lateral silver.source_members(s.source_table) m
  -- Looked up once, in a subquery: called in the condition, it was looked up for every trigger there is.
  join pg_catalog.pg_trigger t on t.tgrelid = m and t.tgfoid = any ((select silver.tracking_functions(disabled_triggers.source_id))::oid[])
  join pg_catalog.pg_proc p on p.oid = t.tgfoid
  cross join lateral (select case when starts_with(p.proname, 'track_apply_') then 'replica' else 'always' end) as f (firing)
  where s.source_id = disabled_triggers.source_id
    and t.tgenabled <> case f.firing when 'replica' then 'R' else 'A' end::"char"
$$;
