-- silver.due_sources(only_source, at_once): the sources with something to do now (silver.source_is_due), or that one if it is among them.
-- Stable; takes no locks.
create or replace function silver.due_sources(only_source integer default null, at_once boolean default false)
returns table (source_id integer, source_name text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
  select s.source_id, s.source_table::text
  from silver.timeseries_tracked_source s
  where coalesce(s.source_id = only_source, true) and silver.source_is_due(s, at_once)
  order by s.source_id;
end
$$;
