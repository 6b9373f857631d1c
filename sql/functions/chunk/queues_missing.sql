-- silver.queues_missing(queue_schema, queue_name): whether pg-boss's schema, or the queue in it, is not there: somebody dropped it, or made it anew
-- without Silver's queues. Stable; takes no locks.
create or replace function silver.queues_missing(queue_schema text, queue_name text)
returns boolean
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  missing boolean;
begin
  if to_regclass(format('%I.queue', queue_schema)) is null then
    return true;
  end if;
  execute format('select not exists (select from %I.queue q where q.name = $1)', queue_schema) into missing using queue_name;
  return missing;
end
$$;
