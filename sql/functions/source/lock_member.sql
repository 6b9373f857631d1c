-- silver.lock_member(member, until): takes the lock that tracking triggers need on one table, without keeping its writers waiting: it asks for a tenth
-- of a second, lets those who came meanwhile go first, and asks again until that instant; once in any case. False when it was never free.
-- Locks: SHARE ROW EXCLUSIVE on the table alone, until the transaction ends.
create or replace function silver.lock_member(member regclass, until timestamptz)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
set lock_timeout = '100ms'
as $$
begin
  loop
    begin
      execute format('lock table only %s in share row exclusive mode', member);
      return true;
    exception when lock_not_available then
      if clock_timestamp() >= until then
        return false;
      end if;
    end;
    perform pg_sleep(0.05);
  end loop;
end
$$;
