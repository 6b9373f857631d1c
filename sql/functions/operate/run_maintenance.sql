-- CALL silver.run_maintenance(target_table_name, keep_logs): silver.maintain_timeseries_tables for one target after the other, committing after each, so
-- that no lock outlives its table: what pg_cron should call. A target whose maintenance fails is reported by a WARNING; the
-- others go on. Errors: those of silver.maintain_timeseries_tables; 2D000 in a transaction block.
-- Locks: those of silver.maintain_timeseries_tables, of one target at a time.
-- Sets no search_path: a procedure that does cannot commit.
create or replace procedure silver.run_maintenance(
  target_table_name text default null, keep_logs interval default interval '30 days')
language plpgsql
as $$
declare
  target text;
  targets text[];
begin
  targets := case when target_table_name is null
    then array(select r.target_table::text from silver.timeseries_rollup_config r order by r.rollup_id desc)
    else array[target_table_name] end;
  commit;
  set transaction isolation level read committed;
  foreach target in array targets loop
    begin
      perform silver.maintain_timeseries_tables(target, keep_logs);
    exception when others then
      if target_table_name is not null then
        raise;
      end if;
      raise warning '%: not maintained: %', target, sqlerrm;
    end;
    commit and chain;
  end loop;
end
$$;
