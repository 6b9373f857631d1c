-- silver.check_settings(rollup_id): findings about the settings of a rollup, for silver.validate_rollup_config. Stable; takes no locks.
create or replace function silver.check_settings(rollup_id integer)
returns table (severity text, code text, message text, remedy text)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  parent silver.timeseries_rollup_config;
  path text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = check_settings.rollup_id;
  select * into parent from silver.timeseries_rollup_config c where c.target_table = r.source_table;
  begin
    perform silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone), now() at time zone r.bucket_time_zone;
    if parent.rollup_id is not null then
      perform silver.check_nesting(parent.rollup_id, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    end if;
    if silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, r.start_from) <> r.start_from then
      return query select 'error', 'start_unaligned', format('start_from %s is no bucket boundary', r.start_from),
        format('UPDATE silver.timeseries_rollup_config SET start_from = %L WHERE rollup_id = %s;',
          silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, r.start_from), r.rollup_id);
    end if;
  exception when sqlstate '22023' then
    return query select 'error', 'interval_invalid', sqlerrm,
      format('SELECT silver.drop_rollup(%L); and create it with an interval that fits.', r.target_table::text);
  end;

  with recursive above (target_table, path, is_cycle) as (
    select r.source_table, format('%s <- %s', r.target_table, r.source_table), r.source_table = r.target_table
    union all
    select c.source_table, a.path || ' <- ' || c.source_table, c.source_table = r.target_table
    from above a join silver.timeseries_rollup_config c on c.target_table = a.target_table
    where not a.is_cycle and length(a.path) < 10000
  )
  select a.path into path from above a where a.is_cycle limit 1;
  if path is not null then
    return query select 'error', 'cycle', format('the rollup is its own source: %s', path),
      format('SELECT silver.drop_rollup(%L); and declare it on a source of its own.', r.target_table::text);
  end if;

  if r.partition_interval < r.rollup_table_interval then
    return query select 'error', 'partition_interval_short', format('partitions of %s are narrower than buckets of %s', r.partition_interval, r.rollup_table_interval),
      format('UPDATE silver.timeseries_rollup_config SET partition_interval = %L WHERE rollup_id = %s;',
        silver.default_partition_interval(r.rollup_table_interval), r.rollup_id);
  end if;
  if r.retention_period < r.partition_interval then
    return query select 'info', 'retention_coarse', format('partitions of %s are dropped whole: rows stay up to %s, not %s',
        r.partition_interval, r.retention_period + r.partition_interval, r.retention_period),
      format('UPDATE silver.timeseries_rollup_config SET partition_interval = %L WHERE rollup_id = %s; -- for partitions to come',
        greatest(r.rollup_table_interval, r.retention_period / 4), r.rollup_id);
  end if;
  if r.retention_period < r.rollup_table_interval + r.safety_buffer then
    return query select 'warning', 'retention_short', format('buckets of %s expire after %s, before or as they fall due', r.rollup_table_interval, r.retention_period),
      'Choose a longer retention_period.';
  end if;
  if r.freeze_after < r.rollup_table_interval + r.safety_buffer then
    return query select 'warning', 'freeze_short', format('buckets of %s are final after %s, before late rows can arrive', r.rollup_table_interval, r.freeze_after),
      'Choose a longer freeze_after.';
  end if;
  -- Chunks that deleted rows of the target where the source has none any more, before all it has: the mark of retention by DELETE.
  if exists (
      select from silver.timeseries_refresh_log l where l.rollup_id = r.rollup_id and l.reason = 'late' and l.rows_deleted > 0)
    and exists (select from silver.timeseries_tracked_source s where s.source_id = r.source_id and s.kind = 'raw')
  then
    return query
    select 'warning', 'history_erased', format('rows of %s before %s were deleted, and with them what %s had of them', r.source_table, e.first_at, r.target_table),
      format('If it is to outlive its source: UPDATE silver.timeseries_rollup_config SET freeze_after = ''1 month'' WHERE rollup_id = %s; with an interval'
        ' shorter than the source keeps its rows. Partitions that are dropped need none.', r.rollup_id)
    from silver.source_extent(r.source_id) e
    where exists (
      select from silver.timeseries_refresh_log l
      where l.rollup_id = r.rollup_id and l.reason = 'late' and l.rows_deleted > 0
        and lower(l.ranges) < silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, e.first_at)
        and lower(l.ranges) >= coalesce((select p.frozen_until from silver.timeseries_progress p where p.rollup_id = r.rollup_id), '-infinity'));
  end if;
  if r.mode = 'look_back' and r.look_back_window < r.rollup_table_interval then
    return query select 'warning', 'look_back_short', format('looks back %s, less than a bucket of %s', r.look_back_window, r.rollup_table_interval),
      format('UPDATE silver.timeseries_rollup_config SET look_back_window = %L WHERE rollup_id = %s;', r.rollup_table_interval, r.rollup_id);
  end if;
  if r.retry_delay > r.retry_delay_max then
    return query select 'warning', 'retry_delay', format('retry_delay %s is longer than retry_delay_max %s', r.retry_delay, r.retry_delay_max),
      'Choose a longer retry_delay_max.';
  end if;
  if r.stale_after < r.chunk_timeout then
    return query select 'warning', 'stale_after_short', format('a chunk may take %s and is taken for dead after %s', r.chunk_timeout, r.stale_after),
      'Choose a stale_after longer than chunk_timeout.';
  end if;
end
$$;
