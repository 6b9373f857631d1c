-- silver.drop_rollup(target_table_name, drop_table): ends a rollup: its settings, state, logs and live view go, and with the last rollup of a
-- source its tracking triggers. The target stays, as a table like any other, unless drop_table.
-- Errors: 42P01 no such table; 22023 not a target; 2BP01 other rollups were declared on it, or something depends on its live
-- view, naming them; 55P03 a chunk of it runs, or a table is busy, for longer than five seconds.
-- Locks: silver.lock_source, the rollup's rows; ACCESS EXCLUSIVE on the live view, and on the target when it is dropped; ACCESS EXCLUSIVE on the source and its partitions when its triggers go.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.drop_rollup(target_table_name text, drop_table boolean default false)
returns void
language plpgsql
set lock_timeout = '5s'
as $$
declare
  r silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
  children text;
  live text := silver.live_name(r.target_table);
  shared bigint[];
begin
  begin
    perform pg_advisory_xact_lock(hashtext('silver.plan'), r.source_id);
    perform from silver.timeseries_tracked_source s where s.source_id = r.source_id for update;
    perform from silver.timeseries_chunk c where c.rollup_id = r.rollup_id order by c.chunk_id for update;
  exception when lock_not_available then
    raise exception '% is being planned or computed', r.target_table using errcode = '55P03',
      hint = format('SELECT silver.pause_rollup(%L); and try again when its chunks have ended.', r.target_table::text);
  end;
  select string_agg(c.target_table::text, ', ' order by c.target_table::text) into children
  from silver.timeseries_rollup_config c where c.source_table = r.target_table;
  if children is not null then
    raise exception 'target_table_name: % is the source of %', r.target_table, children
      using errcode = '2BP01', hint = 'Drop those rollups first.';
  end if;
  if live is not null then
    execute format('drop view if exists %s', live);
  end if;
  execute format('drop function if exists silver_live.%I(timestamptz, timestamptz)', 'live_' || r.rollup_id);
  if drop_table and live is not null then
    -- Before the settings go: maintenance takes the table first, and then writes down under the settings what it has done.
    execute format('lock table %s in access exclusive mode', r.target_table);
  end if;
  perform from silver.timeseries_progress p where p.rollup_id = r.rollup_id for update;
  delete from silver.timeseries_chunk c where c.rollup_id = r.rollup_id;
  select array_agg(b.backfill_id) into shared from silver.timeseries_backfill_part b where b.rollup_id = r.rollup_id;
  delete from silver.timeseries_rollup_config c where c.rollup_id = r.rollup_id;
  perform silver.finish_backfills(shared); -- Of which this rollup may have been the last with something left.
  if not exists (select from silver.timeseries_rollup_config c where c.source_id = r.source_id) then
    perform silver.untrack_source(r.source_id);
  elsif exists (select from silver.timeseries_tracked_source s where s.source_id = r.source_id and s.kind <> 'untracked') then
    perform silver.compile_tracking(r.source_id); -- What only this rollup grouped by is logged no more.
  end if;
  if drop_table and live is not null then
    execute format('drop table %s', r.target_table);
  end if;
  perform pg_notify('silver_wake', '');
end
$$;
