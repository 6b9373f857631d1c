-- silver.take_chore(chore, every): true for the one caller who is to do the chore now: nobody began it within the interval `every`. Should he die over it, it is
-- taken again after the interval. An instant in the future, left by a clock that ran ahead, does not count.
-- Locks: the chore's row, until the caller's transaction ends.
create or replace function silver.take_chore(chore text, every interval)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into silver.timeseries_chore as c (chore, taken_at) values (take_chore.chore, clock_timestamp())
  on conflict on constraint timeseries_chore_pkey do update set taken_at = excluded.taken_at
  where c.taken_at <= excluded.taken_at - every or c.taken_at > clock_timestamp(); -- Now that the row is locked: who waited for it read the clock before.
  return found;
end
$$;
