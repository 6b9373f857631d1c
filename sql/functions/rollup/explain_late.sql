-- silver.explain_late(rollup_id): how late changes of a rollup are computed, for people: by group or by whole buckets, why, what that last cost by
-- the planner's estimate, and the stored statement. Returns lines. Stable; takes no locks.
create or replace function silver.explain_late(rollup_id integer)
returns setof text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  st silver.timeseries_rollup_statement;
  last silver.timeseries_refresh_log;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = explain_late.rollup_id;
  select * into strict st from silver.timeseries_rollup_statement s where s.rollup_id = explain_late.rollup_id;
  if st.groups is null then
    return next 'late changes: whole buckets, for ' || case
      when r.mode <> 'track' then 'a source without triggers does not say what changed'
      when not exists (select from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id and c.role = 'dimension') then 'a bucket is one group'
      else 'the groups of a dimension of such a type are not told one by one (silver.group_key)' end;
    return;
  elsif r.late_precision = 'buckets' then
    return next 'late changes: whole buckets (late_precision)';
    return;
  end if;
  return next case r.late_precision when 'groups' then 'late changes: the groups that changed, where they are known (late_precision)'
    else 'late changes: the groups that changed, where they are known and the planner thinks that cheaper than their buckets whole' end;
  select * into last from silver.timeseries_refresh_log l
  where l.rollup_id = r.rollup_id and (l.groups_cost is not null or l.groups is not null) order by l.refresh_id desc limit 1;
  if last.refresh_id is not null then
    return next format('last: %s%s', case when last.groups is null then 'whole buckets' else last.groups || ' groups' end,
      case when last.buckets_cost is not null then format(', for by group cost %s, whole buckets %s', round(last.groups_cost), round(last.buckets_cost)) else '' end);
  end if;
  return query select '  ' || line from regexp_split_to_table(st.groups, E'\n') as line;
end
$$;
