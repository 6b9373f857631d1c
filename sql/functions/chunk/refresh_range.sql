-- silver.refresh_range(rollup_id, range): computes one range of whole buckets of the target from its source, as this
-- transaction's next snapshot sees it. Where the target is empty a plain INSERT; else one statement that computes afresh, compares with what
-- is stored, and inserts, updates and deletes only what differs: an unchanged range writes nothing and so dirties no child.
-- Returns rows read, inserted, updated, deleted. Errors: 42P01 when the target is gone; 55000 when the source changed shape since it was compiled; 22023 when the range
-- is not whole buckets. Locks: ROW EXCLUSIVE on the target; rows it changes. The caller holds the chunk, so nobody else computes these buckets.
create or replace function silver.refresh_range(rollup_id integer, range tstzrange,
  out rows_read bigint, out rows_inserted bigint, out rows_updated bigint, out rows_deleted bigint)
language plpgsql strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
set jit = off
set enable_sort = off
set enable_material = off
as $$
declare
  r silver.timeseries_rollup_config;
  st silver.timeseries_rollup_statement;
  starts timestamptz[];
  filled boolean;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = refresh_range.rollup_id;
  select * into strict st from silver.timeseries_rollup_statement s where s.rollup_id = refresh_range.rollup_id;
  if not exists (select from pg_catalog.pg_class k where k.oid = r.target_table) then
    raise exception 'the target of rollup %, a table of number %, is gone', r.rollup_id, r.target_table
      using errcode = '42P01', hint = format('SELECT silver.drop_rollup(%L); and create it again.', r.target_table::text);
  end if;
  if silver.narrow_to_buckets(tstzmultirange(range), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
    <> tstzmultirange(range)
  then
    raise exception 'the range % is not whole buckets of %', range, r.target_table using errcode = '22023';
  end if;
  if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) <> 'fixed' then
    starts := silver.bucket_starts(lower(range), upper(range), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  end if;
  execute format('select exists (select from %s where "timestamp" >= $1 and "timestamp" < $2)', r.target_table)
    into filled using lower(range), upper(range);
  -- What a difference changed, its children are told by group; a fill would name all of its groups.
  perform set_config('silver.by_difference', case when filled then 'on' else 'off' end, true);
  begin
    execute case when filled then st.refresh else st.fill end
      into rows_read, rows_inserted, rows_updated, rows_deleted using lower(range), upper(range), starts;
  exception when check_violation then
    -- Rows for which no partition exists: late ones of a stretch that looked empty. Any other violation comes back.
    if silver.ensure_partitions(rollup_id, silver.ranges_with_rows(rollup_id, range)) = 0 then
      raise;
    end if;
    execute case when filled then st.refresh else st.fill end
      into rows_read, rows_inserted, rows_updated, rows_deleted using lower(range), upper(range), starts;
  end;
end
$$;
