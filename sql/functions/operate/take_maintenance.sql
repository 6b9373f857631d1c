-- silver.take_maintenance(every): a target whose maintenance nobody began within the interval `every`, now taken by the caller, who calls
-- silver.run_maintenance for it; null when none is left. Schedulers that ask at once get different ones. Children come before their parents.
-- Locks: rows of timeseries_chore, until the caller's transaction ends.
create or replace function silver.take_maintenance(every interval)
returns text
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  one record;
begin
  delete from silver.timeseries_chore c
  where c.chore like 'maintain %' and not exists (
    select from silver.timeseries_rollup_config r where c.chore = 'maintain ' || r.rollup_id);
  for one in
    select r.rollup_id, r.target_table::text as target
    from silver.timeseries_rollup_config r
    left join silver.timeseries_chore c on c.chore = 'maintain ' || r.rollup_id
    where c.taken_at is null or c.taken_at <= clock_timestamp() - every or c.taken_at > clock_timestamp()
    order by r.rollup_id desc
  loop
    if silver.take_chore('maintain ' || one.rollup_id, every) then
      return one.target;
    end if;
  end loop;
  return null;
end
$$;
