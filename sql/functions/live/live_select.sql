-- silver.live_select(rollup_id, lo, hi): the SELECT of silver_live.live_<id>: the target's columns computed from the source's rows within
-- [lo, hi), SQL of type timestamptz, as chunks do (silver.group_select), but for any range, open ones too; a child reads its parent's live view. Stable; takes no locks.
create or replace function silver.live_select(rollup_id integer, lo text, hi text)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select silver.group_select(r.rollup_id,
    case when s.kind = 'derived' then silver.live_name(s.source_table) else s.source_table::text end,
    lo, hi, false, false)
  from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = live_select.rollup_id
$$;
