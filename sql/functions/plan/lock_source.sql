-- silver.lock_source(source_id): tries to become the one who plans the source, until the transaction ends. False: another
-- scheduler does. No worker ever takes this lock, so a running chunk never stops planning.
-- Locks: advisory, transaction level, keyed by 'silver.plan' and the source.
create or replace function silver.lock_source(source_id integer)
returns boolean
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  select pg_try_advisory_xact_lock(hashtext('silver.plan'), source_id)
$$;
