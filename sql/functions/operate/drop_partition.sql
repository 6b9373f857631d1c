-- silver.drop_partition(rollup_id, partition): drops one partition of the rollup's target, as a part of silver.expire_rollup, which holds the locks.
-- SECURITY DEFINER: maintenance may drop what has expired, whoever owns it, and only that: an error (42501) unless the partition is one
-- of the target and ends at least retention_period ago. Locks: those of silver.lock_for_drop.
create or replace function silver.drop_partition(rollup_id integer, partition regclass)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select
    from silver.timeseries_rollup_config r
    join pg_catalog.pg_inherits i on i.inhparent = r.target_table and i.inhrelid = drop_partition.partition
    where r.rollup_id = drop_partition.rollup_id
      and (select b.upper_at from silver.partition_bounds(r.target_table) b where b.partition = drop_partition.partition) <= now() - r.retention_period)
  then
    raise exception '% is no expired partition of rollup %', partition, rollup_id using errcode = '42501';
  end if;
  execute format('drop table %s', partition);
end
$$;

revoke all on function silver.drop_partition(integer, regclass) from public;
