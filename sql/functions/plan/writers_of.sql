-- silver.writers_of(source): the transactions in progress that have written to the source or hold a lock with which they
-- can: holders of ROW EXCLUSIVE or stronger on the table or any member, prepared transactions included, by full
-- transaction id. Ids outlive PREPARE TRANSACTION and a restart; virtual ids do not. A holder that has no id yet has written
-- nothing, and its trigger will see the present horizon. Volatile, because it must look anew; takes no locks.
create or replace function silver.writers_of(source regclass)
returns xid8[]
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(distinct silver.full_transaction_id(own.transactionid)), '{}')
  from pg_catalog.pg_locks held
  join pg_catalog.pg_locks own on own.virtualtransaction = held.virtualtransaction
    and own.pid is not distinct from held.pid
  where held.locktype = 'relation' and held.granted
    and held.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and held.relation in (select m::oid from silver.source_members(source) as m)
    and held.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and own.locktype = 'transactionid' and own.granted and own.mode = 'ExclusiveLock'
    and own.transactionid <> coalesce(pg_current_xact_id_if_assigned()::xid, '0'::xid)
$$;
