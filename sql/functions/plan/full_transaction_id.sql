-- silver.full_transaction_id(id): the 64-bit id of a transaction now in progress, from the 32 bits pg_locks shows: the one
-- within half the 32-bit circle of the next id to be given. Stable; takes no locks.
create or replace function silver.full_transaction_id(id xid)
returns xid8
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select (case
      when low > next % 4294967296 + 2147483648 then next - next % 4294967296 + low - 4294967296
      when low < next % 4294967296 - 2147483648 then next - next % 4294967296 + low + 4294967296
      else next - next % 4294967296 + low end)::text::xid8
  from (select id::text::numeric as low, pg_snapshot_xmax(pg_current_snapshot())::text::numeric as next) as ids
$$;
