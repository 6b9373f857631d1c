-- silver.conclude_chunks(rollup_id, backfilled): the last step of a transaction that recorded chunks of a rollup: brings the rollup's state in line, and wakes
-- schedulers where there may be something to plan. backfilled: one of the chunks was a backfill's. Locks: the config row, when it changes.
create or replace function silver.conclude_chunks(rollup_id integer, backfilled boolean)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
begin
  perform silver.show_rollup_state(rollup_id);
  -- A scheduler plans anew when at most half of what may be in flight is (silver.source_is_due); until then, and where nothing waits for this table,
  -- waking it would cost more than the chunk. Told apart from a command, after which every source is looked at anew.
  if backfilled or exists (
    select from silver.timeseries_rollup_config r
    where r.rollup_id = conclude_chunks.rollup_id
      and (exists (select from silver.timeseries_tracked_source s where s.source_table = r.target_table)
        or (select count(*) from silver.timeseries_chunk o where o.rollup_id = r.rollup_id and o.state in ('queued', 'running')) * 2 <= r.max_in_flight))
  then
    perform pg_notify('silver_wake', 'chunk');
  end if;
end
$$;
