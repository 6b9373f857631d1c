-- silver.late_rests_until(rollup_id): late work of the rollup is not planned before this instant: rerun_interval after the last time. A last time that is
-- still to come was written by a clock that ran ahead, and is not waited for.
-- Stable; takes no locks.
create or replace function silver.late_rests_until(rollup_id integer)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select case when p.late_planned_at <= now() + r.rerun_interval then p.late_planned_at + r.rerun_interval else '-infinity' end
    from silver.timeseries_progress p join silver.timeseries_rollup_config r on r.rollup_id = p.rollup_id
    where p.rollup_id = late_rests_until.rollup_id);
end
$$;
