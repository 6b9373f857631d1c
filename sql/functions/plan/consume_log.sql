-- silver.consume_log(source_id): moves the source's invalidation log into the dirt of all its rollups, before any chunk
-- planned in this transaction reads the source; adopts new partitions first, freezes what has grown old last, and shows that a pause is over.
-- Returns the number of log rows consumed. The caller holds silver.lock_source.
-- Entries that a writer is compacting are left for the next call: until then they stay unsettled, and what is computed there meanwhile is
-- computed once more. Locks: the progress rows of the source's rollups, and those of silver.adopt_source. Rows are deleted, never
-- truncated: an older reader's snapshot still needs them.
create or replace function silver.consume_log(source_id integer)
returns bigint
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  consumed bigint;
  touched tstzmultirange;
  entries silver.timeseries_invalidation_log[];
begin
  perform silver.adopt_source(source_id);
  perform silver.lock_progress(source_id);
  with free as (
    select l.log_id from silver.timeseries_invalidation_log l where l.source_id = consume_log.source_id for update skip locked
  ), taken as (
    delete from silver.timeseries_invalidation_log l using free where l.source_id = consume_log.source_id and l.log_id = free.log_id returning l.*
  ), counted as (
    select t.*, t.group_count is not null and sum(t.group_count) over (order by t.log_id) <= 200000 as by_group from taken t
  )
  -- Where far more groups wait than silver.mark_groups keeps of distinct ones, the rest are not read: no scheduler ran for a while, and gigabytes may wait.
  select count(*), range_agg(c.touched) filter (where not c.by_group),
    array_agg(row(c.log_id, c.source_id, c.touched, c.logged_at, c.bins, c.keys, c.bin_width, c.key_columns, c.group_count)::silver.timeseries_invalidation_log)
      filter (where c.by_group)
  into consumed, touched, entries from counted c;
  perform silver.forget_groups(source_id);
  if entries is not null then
    perform silver.mark_groups(source_id, entries);
  end if;
  if touched is not null then
    perform silver.mark_dirty(source_id, touched);
  end if;
  perform silver.look_back(source_id);
  perform silver.freeze_progress(source_id);
  perform silver.show_rollup_state(r.rollup_id) from silver.timeseries_rollup_config r
  where r.source_id = consume_log.source_id and r.status = 'paused' and coalesce(r.paused_until <= now(), true);
  return consumed;
end
$$;
