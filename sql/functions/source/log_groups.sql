-- silver.log_groups(source_id, touched, bins, keys, bin_width, key_columns): silver.log_touched for a statement of which the groups it touched are known:
-- for each the start of its bin and the values of key_columns. Beyond 10,000 groups, or 4 MB of values, the bins alone are logged: then whole
-- buckets are computed. Locks: as silver.log_touched.
create or replace function silver.log_groups(
  source_id integer, touched tstzmultirange, bins timestamptz[], keys jsonb[], bin_width interval, key_columns smallint[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  entry bigint;
begin
  if cardinality(bins) > 10000 or pg_column_size(keys) > 4194304 then
    perform silver.log_touched(source_id, touched);
    return;
  end if;
  insert into silver.timeseries_invalidation_log as l (source_id, touched, bins, keys, bin_width, key_columns)
  values (log_groups.source_id, log_groups.touched, log_groups.bins, log_groups.keys, log_groups.bin_width, log_groups.key_columns)
  returning l.log_id into entry;
  if entry % 1024 = 0 then
    perform silver.compact_log(source_id);
  end if;
end
$$;
