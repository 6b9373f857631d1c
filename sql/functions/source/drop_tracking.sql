-- silver.drop_tracking(source_id): drops the trigger functions of a source that is forgotten, after its triggers (silver.untrack_source).
-- SECURITY DEFINER, as silver.compile_tracking is: they belong to Silver's owner. Errors: 2BP01 while a trigger still calls one.
-- Locks: catalog rows.
create or replace function silver.drop_tracking(source_id integer)
returns void
language plpgsql strict security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  one regprocedure;
begin
  for one in select f::regprocedure from unnest(silver.tracking_functions(source_id)) as f loop
    execute format('drop function %s', one);
  end loop;
end
$$;

revoke all on function silver.drop_tracking(integer) from public;
