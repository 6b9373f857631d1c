-- silver.compile_all(): compiles every rollup, its live view and the tracking of every source again. Called by migrate, so that a new
-- version's SQL replaces what older ones stored. A rollup that does not compile (its table is gone) is skipped with a
-- warning. Returns the number compiled. Locks: the statements' rows.
create or replace function silver.compile_all()
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  one record;
  compiled integer := 0;
begin
  for one in
    select s.source_id, null::integer as rollup_id, s.source_table, s.kind
    from silver.timeseries_tracked_source s where s.kind <> 'untracked'
    union all
    select null, r.rollup_id, r.target_table, s.kind
    from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
    order by rollup_id nulls first
  loop
    begin
      if one.source_id is not null then
        perform silver.compile_tracking(one.source_id);
      else
        perform silver.compile_rollup(one.rollup_id);
        perform silver.compile_live(one.rollup_id);
        compiled := compiled + 1;
      end if;
    exception when others then
      raise warning 'not compiled: %: %', one.source_table, sqlerrm;
    end;
  end loop;
  return compiled;
end
$$;
