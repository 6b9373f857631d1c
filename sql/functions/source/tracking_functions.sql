-- silver.tracking_functions(source_id): the trigger functions of a source that exist, by oid: those silver.compile_tracking makes.
-- Stable; takes no locks.
create or replace function silver.tracking_functions(source_id integer)
returns oid[]
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(p.oid order by p.oid), '{}')
  from pg_catalog.pg_proc p
  where p.pronamespace = 'silver'::regnamespace
    and p.proname in ('track_' || source_id, 'track_move_' || source_id, 'track_apply_' || source_id)
$$;
