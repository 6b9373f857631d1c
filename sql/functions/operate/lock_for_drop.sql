-- silver.lock_for_drop(rollup_id, partition): takes the lock that dropping a partition of the target needs, on the target (partition null) or on that
-- partition, without waiting in the queue, where new readers would wait behind it: some tries, 20 ms apart.
-- SECURITY DEFINER, as silver.drop_partition is. Errors: 55P03 when it was never free; 42501 for a table that is no partition of the target.
-- Locks: ACCESS EXCLUSIVE.
create or replace function silver.lock_for_drop(rollup_id integer, partition regclass)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  target regclass;
begin
  select r.target_table into strict target from silver.timeseries_rollup_config r where r.rollup_id = lock_for_drop.rollup_id;
  if partition is not null
    and not exists (select from pg_catalog.pg_inherits i where i.inhrelid = partition and i.inhparent = target)
  then
    raise exception '% is no partition of %', partition, target using errcode = '42501';
  end if;
  for try in 1..10 loop
    begin
      execute format('lock table only %s in access exclusive mode nowait', coalesce(partition, target));
      return;
    exception when lock_not_available then
      if try = 10 then
        raise;
      end if;
    end;
    perform pg_sleep(0.02);
  end loop;
end
$$;

revoke all on function silver.lock_for_drop(integer, regclass) from public;
