-- silver.create_rollup_table(...): declares a rollup and creates its target table; returns the target.
--   source_table_name      table with raw rows, or the target of another rollup; qualified, or found by the caller's search_path
--   target_schema, target_table_name   the table to create
--   rollup_table_interval  width of a bucket: whole months, or days and time
--   look_back_window       the rollup starts this long before now, unless start_from is given
--   retention_period       target rows older than this are dropped; null keeps them
--   start_from             where it starts, rounded down to a bucket
--   time_column            the source's time column; needed only where several fit
--   time_zone              zone in which a timestamp or date column is read (default UTC); not for timestamptz
--   dimensions             columns to group by; default: the active rows of timeseries_dimension_config, for a child all of its parent's
--   exclude                columns to leave out
--   bucket_time_zone, bucket_origin   where buckets of days and months begin; an instant at which some bucket begins
--   safety_buffer          how long after its end a bucket falls due (default: silver.default_safety_buffer; 0 for a child,
--                          which waits for its parent anyway)
--   partition_interval     width of the target's partitions; default by width; '0' makes a plain table
--   the others             settings of timeseries_rollup_config, see there
-- Calling it again with the same arguments changes nothing. Errors name the argument: 42P01 no such table, 42703 no such
-- column, 22023 a value out of range, 42P07 the target exists, 42710 it was declared with other arguments.
-- Locks: SHARE ROW EXCLUSIVE on the source and its partitions while its triggers are created.
-- It sets no search_path, so that an unqualified source is found as the caller finds it; all else is qualified.
create or replace function silver.create_rollup_table(
  source_table_name text,
  target_schema text,
  target_table_name text,
  rollup_table_interval interval,
  look_back_window interval default interval '10 minutes',
  retention_period interval default null,
  start_from timestamptz default null,
  time_column text default null,
  time_zone text default null,
  dimensions text[] default null,
  exclude text[] default '{}',
  bucket_time_zone text default 'UTC',
  bucket_origin timestamptz default null,
  safety_buffer interval default null,
  freeze_after interval default null,
  priority integer default 0,
  max_in_flight integer default 8,
  max_retries integer default 10,
  target_chunk_duration interval default interval '1 second',
  processing_window interval default null,
  partition_interval interval default null,
  alert_threshold interval default null,
  stale_after interval default interval '30 minutes')
returns regclass
language plpgsql
as $$
#variable_conflict use_variable
declare
  width interval := rollup_table_interval;
  source regclass;
  target regclass;
  parent silver.timeseries_rollup_config;
  known silver.timeseries_rollup_config;
  arguments jsonb;
  column_of_time name;
  type_of_time regtype;
  dimension_names name[];
  origin timestamptz;
  start timestamptz;
  source_id integer;
  new_id integer;
  problem text;
  column_list text;
  key text;
begin
  source := silver.resolve_table('source_table_name', source_table_name);
  if target_schema is null or to_regnamespace(quote_ident(target_schema)) is null then
    raise exception 'target_schema: there is no schema %', coalesce(quote_ident(target_schema), 'null')
      using errcode = '3F000', hint = 'Create the schema first.';
  end if;
  if target_table_name is null or target_table_name = '' or octet_length(target_table_name) > 63 then
    raise exception 'target_table_name: % is no name for a table', coalesce(quote_ident(target_table_name), 'null')
      using errcode = '42602', hint = 'A name has 1 to 63 bytes.';
  end if;
  if width is null then
    raise exception 'rollup_table_interval: must not be null' using errcode = '22004', hint = 'Pass the width of a bucket, such as ''1 hour''.';
  end if;
  perform silver.bucket_kind(width, bucket_time_zone);

  arguments := jsonb_strip_nulls(jsonb_build_object(
    'source', source::oid, 'interval', width, 'look_back_window', look_back_window, 'retention_period', retention_period,
    'start_from', start_from, 'time_column', time_column, 'time_zone', time_zone, 'dimensions', dimensions, 'exclude', exclude,
    'bucket_time_zone', bucket_time_zone, 'bucket_origin', bucket_origin, 'safety_buffer', safety_buffer,
    'freeze_after', freeze_after, 'priority', priority, 'max_in_flight', max_in_flight, 'max_retries', max_retries,
    'target_chunk_duration', target_chunk_duration, 'processing_window', processing_window,
    'partition_interval', partition_interval, 'alert_threshold', alert_threshold, 'stale_after', stale_after));
  target := to_regclass(format('%I.%I', target_schema, target_table_name));
  if target is not null then
    select * into known from silver.timeseries_rollup_config r where r.target_table = target;
    if known.rollup_id is null then
      raise exception 'target_table_name: % exists and is not the target of a rollup', target
        using errcode = '42P07', hint = 'Choose another name, or drop the table.';
    end if;
    if known.created_with is distinct from arguments then
      raise exception '% was declared with other arguments: %', target, known.created_with
        using errcode = '42710', hint = 'Change its row in silver.timeseries_rollup_config, or drop the rollup first.';
    end if;
    return target;
  end if;

  select * into parent from silver.timeseries_rollup_config r where r.target_table = source;
  column_of_time := case when parent.rollup_id is not null then 'timestamp'
    else silver.resolve_time_column(source, time_column) end;
  select a.atttypid into type_of_time from pg_catalog.pg_attribute a
  where a.attrelid = source and a.attname = column_of_time and not a.attisdropped;
  if time_zone is not null and type_of_time = 'timestamptz'::regtype then
    raise exception 'time_zone: % of % is a timestamptz, an instant already', quote_ident(column_of_time), source
      using errcode = '22023', hint = 'Leave time_zone out; bucket_time_zone says where days begin.';
  end if;
  perform silver.time_expression('', column_of_time, type_of_time, coalesce(time_zone, 'UTC'));

  dimension_names := coalesce(
    dimensions::name[],
    (select array_agg(d.dimension_column order by d.dimension_column)
     from silver.timeseries_dimension_config d where d.source_table = source and d.is_active),
    (select array_agg(c.column_name order by c.position)
     from silver.timeseries_rollup_column c where c.rollup_id = parent.rollup_id and c.role = 'dimension'),
    '{}');
  origin := coalesce(bucket_origin, silver.bucket_origin(width, bucket_time_zone));
  if parent.rollup_id is not null then
    perform silver.check_nesting(parent.rollup_id, width, bucket_time_zone, origin);
  end if;

  select string_agg(quote_ident(c.column_name), ', ') into problem
  from (
    select n.column_name, count(*) over (partition by n.column_name) as times
    from silver.target_columns(source, parent.rollup_id, column_of_time, dimension_names, exclude::name[], null, true) n
  ) as c
  where c.times > 1 or octet_length(c.column_name) > 63;
  if problem is not null then
    raise exception 'target columns clash or have over 63 bytes: %', problem
      using errcode = '42701', hint = 'Leave source columns out with exclude.';
  end if;

  start := silver.bucket_floor(width, bucket_time_zone, origin, coalesce(start_from, now() - look_back_window));
  partition_interval := coalesce(partition_interval, silver.default_partition_interval(width));
  select string_agg(format('%I %s%s', c.column_name, c.column_type, case when c.nullable then '' else ' not null' end),
      ', ' order by c.ordinal),
    format(case when bool_or(c.nullable) filter (where c.role = 'dimension') then 'unique nulls not distinct (%s)' else 'primary key (%s)' end,
      string_agg(quote_ident(c.column_name), ', ' order by c.ordinal) filter (where c.role in ('time', 'dimension')))
  into column_list, key
  from silver.target_columns(source, parent.rollup_id, column_of_time, dimension_names, exclude::name[], null, true) c;
  execute format('create table %I.%I (%s, %s)%s', target_schema, target_table_name, column_list, key,
    case when partition_interval > interval '0' then ' partition by range ("timestamp")' else '' end);
  target := to_regclass(format('%I.%I', target_schema, target_table_name));

  source_id := silver.register_source(source, case when parent.rollup_id is null then 'raw' else 'derived' end,
    column_of_time, case when type_of_time <> 'timestamptz'::regtype then coalesce(time_zone, 'UTC') end, width);
  insert into silver.timeseries_rollup_config (
    source_table, target_table, source_id, rollup_table_interval, bucket_time_zone, bucket_origin, look_back_window, start_from,
    safety_buffer, retention_period, freeze_after, partition_interval, processing_window, target_chunk_duration,
    priority, max_in_flight, max_retries, stale_after, alert_threshold, created_with)
  values (
    source, target, source_id, width, bucket_time_zone, origin, look_back_window, start,
    coalesce(safety_buffer, case when parent.rollup_id is null then silver.default_safety_buffer(width) else interval '0' end),
    retention_period, freeze_after, nullif(partition_interval, interval '0'), processing_window, target_chunk_duration,
    priority, max_in_flight, max_retries, stale_after, coalesce(alert_threshold, greatest(width, interval '10 minutes')), arguments)
  returning rollup_id into new_id;
  insert into silver.timeseries_rollup_column (rollup_id, position, column_name, role, metric, input_column, input_number, column_type, nullable, composes)
  select new_id, c.ordinal, c.column_name, c.role, c.metric, c.input_column, c.input_number, c.column_type, c.nullable, c.composes
  from silver.target_columns(source, parent.rollup_id, column_of_time, dimension_names, exclude::name[], null, true) c;
  insert into silver.timeseries_progress (rollup_id, wanted) values (new_id, tstzmultirange(tstzrange(start, null)));
  perform silver.compile_rollup(new_id);
  perform silver.compile_live(new_id);
  perform silver.grant_rollup(new_id);
  perform pg_notify('silver_wake', '');
  return target;
end
$$;
