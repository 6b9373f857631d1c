-- silver.log_touched(source_id, touched): appends what a transaction changed to the source's invalidation log, as part of the tracking triggers.
-- Each 1,024th entry looks whether the log must be made smaller (silver.compact_log). Locks: none that a reader or another writer waits for.
create or replace function silver.log_touched(source_id integer, touched tstzmultirange)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  entry bigint;
begin
  insert into silver.timeseries_invalidation_log as l (source_id, touched)
  values (log_touched.source_id, log_touched.touched)
  returning l.log_id into entry;
  if entry % 1024 = 0 then
    perform silver.compact_log(source_id);
  end if;
end
$$;
