-- silver.create_rollup_table(...): declares a rollup and creates its target table; returns the target.
--   source_table_name      table with raw rows, or the target of another rollup; qualified, or found by the caller's search_path
--   target_schema, target_table_name   the table to create; names as they are stored, without quotes
--   rollup_table_interval  width of a bucket: whole months, or days and time; of a child, whole buckets of its parent
--   look_back_window       the rollup starts this long before now, unless start_from is given
--   retention_period       target rows older than this are dropped; null keeps them
--   start_from             where it starts, rounded down to a bucket
--   time_column            the source's time column; needed only where several fit
--   time_zone              zone in which a timestamp or date column is read: to be given for a timestamp; for a date the bucket_time_zone by
--                          default; not for timestamptz
--   dimensions             columns to group by; default: the active rows of timeseries_dimension_config, for a child all of its parent's
--   exclude                columns to leave out
--   first_last             columns whose first and last value are kept, with their times; for a child, null: all that its parent keeps
--   bucket_time_zone, bucket_origin   where buckets of days and months begin; an instant at which some bucket begins
--   mode                   track: exact, by triggers; look_back: for a view, a foreign table or another source that cannot have triggers,
--                          the last look_back_window is computed again each time
--   safety_buffer          how long after its end a bucket falls due (default: silver.default_safety_buffer; 0 for a child,
--                          which waits for its parent anyway)
--   partition_interval     width of the target's partitions; default by width; '0' makes a plain table
--   on_partition_drop      when a partition of the source is detached or dropped: keep what was computed from it, or recompute without it
--   the others             settings of timeseries_rollup_config, see there
-- The target has the source's comments, its indexes that begin with a dimension, its readers and, where allowed, its owner (silver.carry_over).
-- Calling it again with the same arguments changes nothing. Errors name the argument and the remedy: 42P01 no such table, 42703 no such
-- column, 42702 several time columns, 3F000 no such schema, 22004 a null, 22023 a value out of range, 42809 and 55000 a source that cannot be
-- tracked, 42701 and 54011 columns no target can have, 42P07 the target or its live view exists, 42710 it was declared with other arguments.
-- Locks: SHARE ROW EXCLUSIVE on the source and its partitions while its triggers are created. One that is written to for longer than five
-- seconds is left to the next tick, with a NOTICE (silver.register_source).
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
  first_last text[] default null,
  bucket_time_zone text default 'UTC',
  bucket_origin timestamptz default null,
  mode text default 'track',
  safety_buffer interval default null,
  freeze_after interval default null,
  priority integer default 0,
  max_in_flight integer default 8,
  max_retries integer default 10,
  target_chunk_duration interval default interval '1 second',
  processing_window interval default null,
  partition_interval interval default null,
  alert_threshold interval default null,
  stale_after interval default interval '30 minutes',
  on_partition_drop text default 'keep')
returns regclass
language plpgsql
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
as $$
#variable_conflict use_variable
declare
  width interval := rollup_table_interval;
  source regclass;
  target regclass;
  parent silver.timeseries_rollup_config;
  read_from silver.timeseries_tracked_source;
  known silver.timeseries_rollup_config;
  arguments jsonb;
  dimension_names text[];
  origin timestamptz;
  start timestamptz;
  columns silver.timeseries_rollup_column[];
  root_columns silver.timeseries_rollup_column[];
  source_id integer;
  new_id integer;
begin
  perform silver.check_target_name(target_schema, target_table_name);
  source := silver.resolve_table('source_table_name', source_table_name);
  perform silver.check_zone('bucket_time_zone', bucket_time_zone);
  perform silver.check_width('rollup_table_interval', width, bucket_time_zone);
  -- Two who declare the same target at once: the second finds what the first made.
  perform pg_advisory_xact_lock(hashtext('silver.create'), hashtext(format('%I.%I', target_schema, target_table_name)));

  arguments := jsonb_strip_nulls(jsonb_build_object(
    'interval', width, 'look_back_window', look_back_window, 'retention_period', retention_period,
    'start_from', start_from, 'time_column', time_column, 'time_zone', time_zone, 'dimensions', dimensions,
    'exclude', nullif(exclude, '{}'), 'first_last', first_last,
    'bucket_time_zone', bucket_time_zone, 'bucket_origin', bucket_origin, 'mode', mode, 'safety_buffer', safety_buffer,
    'freeze_after', freeze_after, 'priority', priority, 'max_in_flight', max_in_flight, 'max_retries', max_retries,
    'target_chunk_duration', target_chunk_duration, 'processing_window', processing_window,
    'partition_interval', partition_interval, 'alert_threshold', alert_threshold, 'stale_after', stale_after,
    'on_partition_drop', nullif(on_partition_drop, 'keep')));
  target := to_regclass(format('%I.%I', target_schema, target_table_name));
  if target is not null then
    select * into known from silver.timeseries_rollup_config r where r.target_table = target;
    if known.rollup_id is null then
      raise exception 'target_table_name: % exists and is not the target of a rollup', target
        using errcode = '42P07', hint = 'Choose another name, or drop the table.';
    end if;
    if known.source_table <> source or known.created_with is distinct from arguments then
      raise exception '% was declared with other arguments: on % with %', target, known.source_table, known.created_with
        using errcode = '42710', hint = 'Change its row in silver.timeseries_rollup_config, or drop the rollup first.';
    end if;
    return target;
  end if;
  if to_regclass(format('%I.%I', target_schema, silver.short_name(target_table_name, '_live'))) is not null then
    raise exception 'target_table_name: % exists, where the live view would be', format('%I.%I', target_schema, silver.short_name(target_table_name, '_live'))
      using errcode = '42P07', hint = 'Choose another name, or drop what has that one.';
  end if;

  perform silver.check_interval('look_back_window', look_back_window, positive => false, required => true);
  perform silver.check_interval('retention_period', retention_period, positive => true);
  perform silver.check_interval('safety_buffer', safety_buffer, positive => false);
  perform silver.check_interval('freeze_after', freeze_after, positive => true);
  perform silver.check_number('priority', priority, -1000, 1000);
  perform silver.check_number('max_in_flight', max_in_flight, 1, 10000);
  perform silver.check_number('max_retries', max_retries, 0, 1000);
  perform silver.check_interval('target_chunk_duration', target_chunk_duration, positive => true, required => true);
  perform silver.check_interval('processing_window', processing_window, positive => true);
  perform silver.check_interval('partition_interval', partition_interval, positive => false);
  perform silver.check_interval('alert_threshold', alert_threshold, positive => true);
  perform silver.check_interval('stale_after', stale_after, positive => true, required => true);
  if on_partition_drop is null or on_partition_drop not in ('keep', 'recompute') then
    raise exception 'on_partition_drop: % is neither keep nor recompute', coalesce(quote_literal(on_partition_drop), 'null')
      using errcode = '22023', hint = 'Leave it out for keep.';
  end if;
  partition_interval := coalesce(partition_interval, silver.default_partition_interval(width));
  if partition_interval > interval '0' then
    perform silver.check_width('partition_interval', partition_interval, bucket_time_zone);
    if partition_interval < width then
      raise exception 'partition_interval: % is shorter than a bucket of %', partition_interval, width
        using errcode = '22023', hint = 'Choose a longer one; leave it out for the default; ''0'' makes a plain table.';
    end if;
  end if;
  origin := silver.check_instant('bucket_origin', bucket_origin, silver.bucket_origin(width, bucket_time_zone));
  start := silver.bucket_floor(width, bucket_time_zone, origin, silver.check_instant('start_from', start_from, now() - look_back_window));

  select * into parent from silver.timeseries_rollup_config r where r.target_table = source;
  if parent.rollup_id is null then
    perform silver.check_source_table(source, mode);
    read_from := silver.resolve_source_time(source, mode, time_column, time_zone, bucket_time_zone);
  else
    if mode is distinct from 'track' or time_column <> 'timestamp' or time_zone is not null then
      raise exception '%: % is the target of a rollup, so its chunks are logged and its time column is known',
          case when mode is distinct from 'track' then 'mode' when time_zone is not null then 'time_zone' else 'time_column' end, source
        using errcode = '22023', hint = 'Leave it out.';
    end if;
    perform silver.check_nesting(parent.rollup_id, width, bucket_time_zone, origin);
    read_from.source_table := source;
    read_from.kind := 'derived';
    read_from.time_column := 'timestamp';
  end if;

  dimension_names := coalesce(
    dimensions,
    (select array_agg(d.dimension_column order by d.dimension_column)
     from silver.timeseries_dimension_config d where d.source_table = source and d.is_active),
    (select array_agg(c.column_name order by c.position)
     from silver.timeseries_rollup_column c where c.rollup_id = parent.rollup_id and c.role = 'dimension'),
    '{}');
  columns := silver.plan_columns(source, parent.rollup_id, read_from.time_column, dimension_names, exclude, first_last);
  root_columns := silver.root_columns(parent.rollup_id, dimension_names, exclude, first_last);
  if root_columns is not null then
    columns := root_columns;
    select s.* into strict read_from from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
    where r.rollup_id = silver.raw_rollup(parent.rollup_id);
  end if;

  target := silver.create_target(target_schema, target_table_name, columns, source, partition_interval > interval '0');
  source_id := silver.register_source(read_from.source_table, read_from.kind, read_from.time_column, read_from.time_zone, width);
  insert into silver.timeseries_rollup_config (
    source_table, target_table, source_id, rollup_table_interval, bucket_time_zone, bucket_origin, mode, look_back_window, start_from,
    safety_buffer, retention_period, freeze_after, partition_interval, processing_window, target_chunk_duration,
    priority, max_in_flight, max_retries, stale_after, on_partition_drop, alert_threshold, excluded_columns, created_with)
  values (
    source, target, source_id, width, bucket_time_zone, origin, mode, look_back_window, start,
    coalesce(safety_buffer, case when read_from.kind <> 'derived' then silver.default_safety_buffer(width) else interval '0' end),
    retention_period, freeze_after, nullif(partition_interval, interval '0'), processing_window, target_chunk_duration,
    priority, max_in_flight, max_retries, stale_after, on_partition_drop, coalesce(alert_threshold, greatest(width, interval '10 minutes')), coalesce(exclude, '{}')::name[], arguments)
  returning rollup_id into new_id;
  insert into silver.timeseries_rollup_column
  select (jsonb_populate_record(c, jsonb_build_object('rollup_id', new_id))).* from unnest(columns) c;
  insert into silver.timeseries_progress (rollup_id, wanted) values (new_id, tstzmultirange(tstzrange(start, null)));
  perform silver.compile_rollup(new_id);
  if silver.group_key(new_id) is not null then
    perform silver.compile_tracking(source_id); -- The groups of this rollup are to be logged too.
  end if;
  perform silver.compile_live(new_id);
  perform silver.describe_target(new_id);
  perform silver.grant_rollup(new_id);
  perform silver.carry_over(new_id);
  perform pg_notify('silver_wake', '');
  return target;
end
$$;
