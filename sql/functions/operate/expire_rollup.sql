-- silver.expire_rollup(rollup_id): drops the partitions of the target that are older than its retention_period, and in the same transaction takes
-- their time out of wanted, covered and dirty, so that it is neither computed again nor missed. The source is never touched.
-- DROP fires no trigger, so children are not dirtied; what they have of that time is final from then on (frozen_until): their
-- source is partly gone, and computing it again would erase history. Retention waits for children that are behind.
-- A target that is a plain table has its old rows deleted, unless it has children, whose triggers would erase theirs.
-- At most 100 partitions a call, for readers wait until its transaction ends.
-- Returns the rows it wrote to silver.timeseries_maintenance_log: what it did, or why it must wait. Idempotent. Errors: 25001 above READ COMMITTED.
-- Locks: silver.lock_source, tried; then ACCESS EXCLUSIVE on target and partition, never waited for, so no reader queues behind it, held until
-- the transaction ends; the progress rows of the rollup and its children, not waited for either.
create or replace function silver.expire_rollup(rollup_id integer)
returns setof silver.timeseries_maintenance_log
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  began timestamptz := clock_timestamp();
  expiry timestamptz := silver.expiry_of(expire_rollup.rollup_id);
  stored bigint;
  part record;
  has_children boolean;
  expired tstzmultirange;
  finished bigint[];
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = expire_rollup.rollup_id;
  if exists (
    select from silver.partition_bounds(r.target_table) b
    where b.upper_at <= now() - r.retention_period and b.upper_at > expiry)
  then
    return query
    select * from silver.log_maintenance(r.rollup_id, 'delayed', r.target_table::text,
      format('retention: rows before %s wait for %s, which still has to compute from them', now() - r.retention_period, (
        select string_agg(b.child_table::text, ', ' order by b.child_id)
        from silver.child_backlogs(r.rollup_id) b where b.behind_since < now() - r.retention_period)), null, began);
  end if;
  -- The common case, without a lock: nothing is old enough. What is wanted has no beginning before the expiry then, and no rows are left.
  if expiry is null or not (
    exists (select from silver.timeseries_progress p
            where p.rollup_id = r.rollup_id and p.wanted && tstzmultirange(tstzrange(null, expiry)))
    or exists (select from silver.partition_bounds(r.target_table) b where b.upper_at <= expiry))
  then
    return;
  end if;
  -- With a snapshot older than the locks below, what a child still has to compute of these rows would not be seen.
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'retention cannot be applied at isolation level %', current_setting('transaction_isolation')
      using errcode = '25001', hint = 'BEGIN ISOLATION LEVEL READ COMMITTED, or CALL silver.run_maintenance().';
  end if;
  has_children := exists (
    select from silver.timeseries_tracked_source s where s.source_table = r.target_table);
  if r.partition_interval is null and has_children then
    return query select * from silver.log_maintenance(r.rollup_id, 'delayed', r.target_table::text,
      'retention: the target is a plain table and has children, which a DELETE would make forget', null, began);
    return;
  end if;

  begin
    if not silver.lock_source(r.source_id) then
      raise lock_not_available;
    end if;
    for part in
      select c.chunk_id from silver.timeseries_chunk c
      where c.rollup_id = r.rollup_id and c.ranges && tstzmultirange(tstzrange(null, expiry)) order by c.chunk_id
    loop
      if not silver.release_chunk(part.chunk_id) then
        raise lock_not_available;
      end if;
    end loop;
    if r.partition_interval is not null then
      perform silver.lock_for_drop(r.rollup_id, null);
    end if;
    perform from silver.timeseries_progress p
    where p.rollup_id = r.rollup_id
      or p.rollup_id in (
        select child.rollup_id from silver.timeseries_tracked_source s
        join silver.timeseries_rollup_config child on child.source_id = s.source_id where s.source_table = r.target_table)
    order by p.rollup_id for update nowait;
    expiry := silver.expiry_of(r.rollup_id);

    for part in
      select b.partition, b.partition::text as name, b.lower_at, b.upper_at from silver.partition_bounds(r.target_table) b
      where b.upper_at <= expiry order by b.lower_at limit 100
    loop
      began := clock_timestamp();
      begin
        select greatest(k.reltuples, 0)::bigint into stored from pg_catalog.pg_class k where k.oid = part.partition;
        perform silver.lock_for_drop(r.rollup_id, part.partition);
      exception when lock_not_available then
        -- In use by itself: what is older has gone, this one and what follows wait.
        expiry := part.lower_at;
        return query select * from silver.log_maintenance(r.rollup_id, 'delayed', part.name,
          'retention: the partition is in use', null, began);
        exit;
      end;
      perform silver.drop_partition(r.rollup_id, part.partition);
      return query select * from silver.log_maintenance(r.rollup_id, 'drop partition', part.name,
        format('from %s to %s', part.lower_at, part.upper_at), stored, began);
    end loop;
  exception when lock_not_available then
    return query select * from silver.log_maintenance(r.rollup_id, 'delayed', r.target_table::text,
      'retention: the table is in use', null, began);
    return;
  end;

  if r.partition_interval is null then
    execute format('delete from %s where "timestamp" < $1', r.target_table) using expiry;
    get diagnostics stored = row_count;
    return query select * from silver.log_maintenance(r.rollup_id, 'delete rows', r.target_table::text,
      format('before %s', expiry), stored, began);
  end if;
  -- A bucket that begins before the bound has lost its row, wherever it ends.
  expired := tstzmultirange(tstzrange(null,
    silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, expiry)));
  update silver.timeseries_progress p
  set wanted = p.wanted - expired, covered = p.covered - expired, dirty = p.dirty - expired
  where p.rollup_id = r.rollup_id;
  with cut as (
    update silver.timeseries_backfill_part p set remaining = p.remaining - expired
    where p.rollup_id = r.rollup_id and p.remaining && expired
    returning p.backfill_id
  )
  select array_agg(c.backfill_id) into finished from cut c;
  perform silver.finish_backfills(finished);
  update silver.timeseries_progress p
  set frozen_until = greatest(p.frozen_until,
    silver.bucket_ceiling(child.rollup_table_interval, child.bucket_time_zone, child.bucket_origin, expiry))
  from silver.timeseries_tracked_source s
  join silver.timeseries_rollup_config child on child.source_id = s.source_id
  where s.source_table = r.target_table and p.rollup_id = child.rollup_id;
  perform silver.show_rollup_state(r.rollup_id);
end
$$;
