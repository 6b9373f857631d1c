-- silver.deliveries(queue_schema, queue_name): what a look after the deliveries begins with, in one question, for mostly it is the only one: whether pg-boss's
-- queue is missing (silver.queues_missing), and how many chunks wait for a delivery or are being delivered. Stable; takes no locks.
create or replace function silver.deliveries(queue_schema text, queue_name text, out queues_missing boolean, out chunks bigint)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  queues_missing := silver.queues_missing(queue_schema, queue_name);
  select count(*) into chunks from silver.timeseries_chunk c where c.state <> 'dead';
end
$$;
