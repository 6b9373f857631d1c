-- silver.seal_holders(source_id): the transactions that hold a source's seal back: they wrote to it before a horizon moved past and have not
-- ended, so what they wrote may still appear below it. pid and query of a session, or gid of a prepared transaction, which stays until
-- somebody commits it or rolls it back. query: its last statement, where the role may see it (pg_read_all_stats).
-- Stable; takes no locks but for a moment the lock manager's own.
create or replace function silver.seal_holders(source_id integer)
returns table (transaction_id xid8, pid integer, gid text, since timestamptz, state text, query text)
language sql stable strict
rows 1
set search_path = pg_catalog, pg_temp
as $$
  select w.id, coalesce(l.pid, a.pid), x.gid, coalesce(x.prepared, a.xact_start),
    case when x.gid is not null then 'prepared' else a.state end, a.query
  from (
    select distinct unnest(d.writers) as id from silver.timeseries_drain d where d.source_id = seal_holders.source_id
  ) as w
  left join pg_catalog.pg_locks l
    on l.locktype = 'transactionid' and l.granted and l.transactionid = w.id::xid and l.mode = 'ExclusiveLock'
  left join pg_catalog.pg_prepared_xacts x on x.transaction = w.id::xid
  left join pg_catalog.pg_stat_activity a on a.pid = l.pid
  where not pg_visible_in_snapshot(w.id, pg_current_snapshot())
  order by w.id
$$;
