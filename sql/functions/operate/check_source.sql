-- silver.check_source(rollup_id): findings about the table a rollup reads and its tracking, for silver.validate_rollup_config; said of
-- the first rollup of a source alone. Stable; takes no locks.
create or replace function silver.check_source(rollup_id integer)
returns table (severity text, code text, message text, remedy text)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = check_source.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  if not exists (select from pg_catalog.pg_class k where k.oid = src.source_table) then
    return; -- silver.check_tables says so.
  end if;
  if exists (select from silver.timeseries_rollup_config c where c.source_id = r.source_id and c.rollup_id < r.rollup_id) then
    return;
  end if;
  if not silver.has_time_access(src.source_id) then
    return query select 'warning', 'time_unindexed',
      format('no btree index of %s begins with %I: each chunk reads the whole table', src.source_table, src.time_column),
      format('CREATE INDEX ON %s (%I);', src.source_table, src.time_column);
  end if;
  return query
  select 'error', 'source_unlogged', format('%s is unlogged: empty after a crash, without a trace', m), format('ALTER TABLE %s SET LOGGED;', m)
  from silver.source_members(src.source_table) m join pg_catalog.pg_class k on k.oid = m where k.relpersistence = 'u';

  return query
  select 'warning', 'log_waiting', format('%s entries of changes to %s wait since %s: no scheduler plans it', count(*), src.source_table, min(l.logged_at)),
    'Start a scheduler, or CALL silver.run_rollups();'
  from silver.timeseries_invalidation_log l where l.source_id = src.source_id
  having min(l.logged_at) < clock_timestamp() - interval '10 minutes';

  if src.kind = 'untracked' then
    return query select 'info', 'look_back',
      format('%s has no triggers: a change older than the look_back_window is not seen', src.source_table),
      format('After such a change: SELECT silver.invalidate(%L, from_time, to_time);', src.source_table::text);
    return;
  end if;
  if not src.tracking then
    return query select 'warning', 'tracking_off', format('tracking of %s is switched off: nothing new is computed', src.source_table),
      format('SELECT silver.track_on(%L);', src.source_table::text);
    return;
  end if;
  return query
  select 'error', 'foreign_member', format('%s is a foreign table: nobody can track it', m), 'Detach it, or use look_back mode.'
  from silver.source_members(src.source_table) m join pg_catalog.pg_class k on k.oid = m where k.relkind = 'f';

  -- A target is written through its parent table alone, so there only that one has triggers.
  return query
  with member as (
    select m as relation from silver.source_members(src.source_table) m
    join pg_catalog.pg_class k on k.oid = m and k.relkind <> 'f'
    where src.kind = 'raw' or m = src.source_table
  ), untracked as (
    select m.relation from member m
    where 4 > (
      select count(*) from pg_catalog.pg_trigger t
      where t.tgrelid = m.relation and t.tgfoid = to_regproc(format('silver.%I', 'track_' || src.source_id)))
  )
  select 'warning', 'member_untracked',
    format('%s of %s members of %s lack tracking triggers, the first is %s; their time is computed from the source meanwhile',
      count(*), (select count(*) from member), src.source_table, min(u.relation::text)),
    'A scheduler, or CALL silver.run_rollups(), adopts them when nobody locks them.'
  from untracked u having count(*) > 0
  union all
  select 'error', 'trigger_disabled', format('tracking triggers of %s do not fire always', d.member),
    format('ALTER TABLE %s %s;', d.member, string_agg(format('ENABLE %s TRIGGER %I', upper(d.firing), d.trigger_name), ', ' order by d.trigger_name))
  from silver.disabled_triggers(src.source_id) d group by d.member;

  if to_regproc(format('silver.%I', 'track_' || src.source_id)) is null then
    return query select 'error', 'tracking_function_missing', format('the trigger function of %s is gone', src.source_table),
      format('SELECT silver.compile_tracking(%s);', src.source_id);
  end if;
end
$$;
