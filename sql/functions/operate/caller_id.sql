-- silver.caller_id(): the worker_id of a session that computes chunks by a call, not as a worker. Stable; takes no locks.
create or replace function silver.caller_id()
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$ select 'call/' || pg_backend_pid() $$;
