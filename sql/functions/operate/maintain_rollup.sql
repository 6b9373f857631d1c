-- silver.maintain_rollup(rollup_id): what silver.maintain_timeseries_tables does for one rollup, but for retention: a better partition interval for
-- the partitions to come, the partition for the present and the next one, and ANALYZE of a target that has changed since the last
-- one, a day ago or more (autovacuum never analyses a partitioned table itself). Returns the log rows it wrote.
-- Each step is a savepoint; a table that is busy for a second delays it, with a log row that says so.
-- Locks: SHARE UPDATE EXCLUSIVE on the target, which blocks neither readers nor writers; the config row.
create or replace function silver.maintain_rollup(rollup_id integer)
returns setof silver.timeseries_maintenance_log
language plpgsql strict
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  advice record;
  began timestamptz := clock_timestamp();
  done bigint;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = maintain_rollup.rollup_id;
  perform silver.note_columns(r.rollup_id);
  if r.partition_interval is not null then
    select * into advice from silver.advise_chunk_interval(r.target_table, null);
    if advice.worth_changing then
      update silver.timeseries_rollup_config c set partition_interval = advice.recommended_interval, updated_at = clock_timestamp()
      where c.rollup_id = r.rollup_id;
      return query select * from silver.log_maintenance(r.rollup_id, 'set partition interval', r.target_table::text,
        format('from %s to %s: %s', r.partition_interval, advice.recommended_interval, advice.reason), null, began);
    end if;
    begin
      began := clock_timestamp();
      done := silver.ensure_partitions(r.rollup_id, tstzmultirange(tstzrange(
        now(), now() + coalesce(advice.recommended_interval, r.partition_interval))));
      if done > 0 then
        return query select * from silver.log_maintenance(r.rollup_id, 'create partition', r.target_table::text,
          format('%s made ahead', done), null, began);
      end if;
    exception when lock_not_available then
      return query select * from silver.log_maintenance(r.rollup_id, 'delayed', r.target_table::text,
        'create partition: the table is busy', null, began);
    end;
  end if;

  if exists (
    select from silver.timeseries_refresh_log l
    where l.rollup_id = r.rollup_id and l.rows_inserted + l.rows_updated + l.rows_deleted > 0
      and l.finished_at > coalesce((
        select max(e.finished_at) from silver.timeseries_maintenance_log e where e.rollup_id = r.rollup_id and e.action = 'analyze'),
        '-infinity'))
    and not exists (
      select from silver.timeseries_maintenance_log e
      where e.rollup_id = r.rollup_id and e.action = 'analyze' and e.finished_at > clock_timestamp() - interval '1 day')
  then
    begin
      began := clock_timestamp();
      perform silver.analyze_target(r.rollup_id);
      return query select * from silver.log_maintenance(r.rollup_id, 'analyze', r.target_table::text, null, null, began);
    exception when lock_not_available then
      return query select * from silver.log_maintenance(r.rollup_id, 'delayed', r.target_table::text,
        'analyze: the table is busy', null, began);
    end;
  end if;
end
$$;
