-- silver.sync_time_column(source_id): follows a time column that was renamed: in the source's row, its rollups' columns, its triggers, and, as far
-- as nothing else stands in the way, in the statements and live views of all its rollups. Nothing when it was not renamed.
-- Errors: 55000 where it is gone, or of another type than it was. The caller has locked the source.
-- Locks: the source's row, its rollups' columns.
create or replace function silver.sync_time_column(source_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  src silver.timeseries_tracked_source;
  known smallint;
  found_name name;
  found_type oid;
  one record;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = sync_time_column.source_id;
  select c.input_number into known
  from silver.timeseries_rollup_config r join silver.timeseries_rollup_column c on c.rollup_id = r.rollup_id and c.role = 'time'
  where r.source_id = src.source_id and c.input_number is not null order by r.rollup_id limit 1;
  select a.attname, a.atttypid into found_name, found_type
  from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and not a.attisdropped and (a.attname = src.time_column or a.attnum = known)
  order by a.attname = src.time_column desc limit 1;
  if found_name is null or (found_type <> 'timestamptz'::regtype) <> (src.time_zone is not null)
    or found_type not in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
  then
    raise exception 'the time column % of % %', quote_ident(src.time_column), src.source_table,
        case when found_name is null then 'is gone' else format('is %s now', format_type(found_type, null)) end
      using errcode = '55000', hint = 'Put it back as it was; or SELECT silver.drop_rollup(target); for the source''s rollups, and create them again.';
  end if;
  if found_name = src.time_column then
    return;
  end if;
  update silver.timeseries_tracked_source s set time_column = found_name where s.source_id = src.source_id;
  update silver.timeseries_rollup_column c set input_column = found_name
  from silver.timeseries_rollup_config r
  where r.source_id = src.source_id and c.rollup_id = r.rollup_id and c.role = 'time';
  if src.kind <> 'untracked' then
    perform silver.compile_tracking(src.source_id);
  end if;
  for one in select r.rollup_id, r.target_table from silver.timeseries_rollup_config r where r.source_id = src.source_id order by r.rollup_id loop
    begin
      perform silver.compile_rollup(one.rollup_id);
      perform silver.compile_live(one.rollup_id);
    exception when undefined_column or undefined_table then
      raise notice '% has to be synchronized itself: %', one.target_table, sqlerrm using hint = format('SELECT silver.sync_rollup(%L);', one.target_table::text);
    end;
  end loop;
end
$$;
