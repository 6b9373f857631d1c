-- silver.limit_call(): sets what holds for one of silver.run_rollups' transactions: waits for locks end, and commits do not wait for the disk:
-- a chunk is atomic, and one that a crash takes back is a chunk not done yet. Locks: none.
create or replace function silver.limit_call()
returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select set_config('lock_timeout', '10s', true), set_config('synchronous_commit', 'off', true)
$$;
