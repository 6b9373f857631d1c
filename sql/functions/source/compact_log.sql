-- silver.compact_log(source_id, older_than): replaces the log's committed entries that have waited longer than older_than by one with the same buckets,
-- of at most 10,000 ranges: every reader of a live view reads the log, which grows as long as no scheduler runs (500,000 entries: 2.2 s a
-- query). With a scheduler running none is that old. Called by writers, so it never waits: entries that another transaction
-- is taking are left alone. At REPEATABLE READ or above it does nothing, for there taking them could fail the writer's transaction.
-- Returns the number of entries replaced. Rows are deleted, never truncated: an older reader's snapshot still needs them.
create or replace function silver.compact_log(source_id integer, older_than interval default interval '5 seconds')
returns bigint
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  merged record;
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    return 0;
  end if;
  with old as (
    select l.log_id from silver.timeseries_invalidation_log l
    where l.source_id = compact_log.source_id and l.logged_at < clock_timestamp() - older_than
    for update skip locked
  ), taken as (
    delete from silver.timeseries_invalidation_log l using old where l.source_id = compact_log.source_id and l.log_id = old.log_id returning l.touched, l.logged_at
  )
  select count(*) as entries, range_agg(t.touched) as touched, min(t.logged_at) as since into merged from taken t;
  if merged.entries > 0 then
    insert into silver.timeseries_invalidation_log (source_id, touched, logged_at)
    values (compact_log.source_id, silver.coalesce_ranges(merged.touched, 10000), merged.since);
  end if;
  return merged.entries;
end
$$;
