-- silver.abandoned_chunks(): the chunks that are said to run and whose row nobody holds: their worker died in the middle. A running attempt holds its
-- chunk's row from its first statement to its end, so a free one that was announced two seconds ago or longer has lost its backend. Read from the
-- row's own mark of who locked it last, without locking it: an attempt that just begins must find it free.
-- One that is taken for dead and lives, because it has not begun yet, is fenced by its former job. Volatile; takes no locks.
create or replace function silver.abandoned_chunks()
returns table (chunk_id bigint)
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select c.chunk_id
  from silver.timeseries_chunk c
  where c.state = 'running' and c.delivered_by = 'job' and c.started_at not between clock_timestamp() - interval '2 seconds' and clock_timestamp()
    and (c.xmax = '0'::xid or pg_xact_status(silver.full_transaction_id(c.xmax)) is distinct from 'in progress')
  order by c.chunk_id
$$;
