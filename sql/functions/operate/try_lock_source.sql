-- silver.try_lock_source(source_id): silver.lock_source, tried for a second: a scheduler holds it for some milliseconds a tick, a
-- call of silver.perform_rollup until its transaction ends. Volatile; locks as silver.lock_source.
create or replace function silver.try_lock_source(source_id integer)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  until timestamptz := clock_timestamp() + interval '1 second';
begin
  loop
    if silver.lock_source(source_id) then
      return true;
    end if;
    exit when clock_timestamp() > until;
    perform pg_sleep(0.02);
  end loop;
  return false;
end
$$;
