-- silver.resolve_source_time(source, mode, time_column, time_zone, bucket_time_zone): how rows of a raw source are placed in time: a row of
-- timeseries_tracked_source with source_table, kind, time_column and time_zone, not stored yet. Every rollup of a source reads its time alike, so
-- where it has rollups already theirs is taken, and another is refused. A timestamp is read in time_zone, which must be given; a date in
-- time_zone, or else where the buckets' days begin.
-- Errors: 42703, 42702 (silver.resolve_time_column); 22023 for a type that is no time, a zone that is unknown, missing, or not asked for, and for
-- what differs from the source's other rollups. Each names the argument. Stable; takes no locks.
create or replace function silver.resolve_source_time(
  source regclass, mode text, time_column text, time_zone text, bucket_time_zone text)
returns silver.timeseries_tracked_source
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
  known silver.timeseries_tracked_source;
  result silver.timeseries_tracked_source;
  time_type oid;
  generated "char";
begin
  select * into known from silver.timeseries_tracked_source s where s.source_table = source;
  result.source_table := source;
  result.kind := case mode when 'track' then 'raw' else 'untracked' end;
  if known.kind <> result.kind then
    raise exception 'mode: % is read in % mode by its other rollups', source, case known.kind when 'raw' then 'track' else 'look_back' end
      using errcode = '22023', hint = format('Pass mode => %L.', case known.kind when 'raw' then 'track' else 'look_back' end);
  end if;
  if time_column <> known.time_column then
    raise exception 'time_column: % is rolled up by its column % already, not %', source, quote_ident(known.time_column), quote_ident(time_column)
      using errcode = '22023', hint = 'Every rollup of a source uses the same time column: leave time_column out.';
  end if;
  result.time_column := coalesce(known.time_column, silver.resolve_time_column(source, time_column));
  select a.atttypid, a.attgenerated into time_type, generated from pg_catalog.pg_attribute a
  where a.attrelid = source and a.attname = result.time_column and not a.attisdropped;
  if time_type is null then
    raise exception 'time_column: % has no column % any more, by which it is rolled up', source, quote_ident(result.time_column)
      using errcode = '42703', hint = 'SELECT silver.sync_rollup(target); for its rollups, if the column was renamed.';
  end if;
  if time_type not in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) then
    raise exception 'time_column: % of % is of type %', quote_ident(result.time_column), source, format_type(time_type, null)
      using errcode = '22023', hint = 'A time column is a timestamptz, a timestamp with a stated time_zone, or a date; a generated column can be one.';
  end if;
  if generated = 'v' and mode = 'track' then
    raise exception 'time_column: % of % is a virtual column, which triggers do not see', quote_ident(result.time_column), source
      using errcode = '22023', hint = 'Make it STORED, or pass mode => ''look_back''.';
  end if;
  if time_type = 'timestamptz'::regtype then
    if time_zone is not null then
      raise exception 'time_zone: % of % is a timestamptz, an instant already', quote_ident(result.time_column), source
        using errcode = '22023', hint = 'Leave time_zone out; bucket_time_zone says where days begin.';
    end if;
    return result;
  end if;
  if time_zone <> known.time_zone then
    raise exception 'time_zone: % is read in % by its other rollups, not in %', source, known.time_zone, time_zone
      using errcode = '22023', hint = 'Every rollup of a source reads its time in the same zone: leave time_zone out.';
  end if;
  result.time_zone := coalesce(time_zone, known.time_zone, case time_type when 'date'::regtype then bucket_time_zone end);
  if result.time_zone is null then
    raise exception 'time_zone: % of % is a timestamp, which says no zone', quote_ident(result.time_column), source
      using errcode = '22023', hint = 'Pass the zone its values are in, such as time_zone => ''UTC''.';
  end if;
  perform silver.check_zone('time_zone', result.time_zone);
  return result;
end
$$;
