-- silver.advise_chunk_interval(relation, target_bytes): the reckoning behind silver.optimize_chunk_interval, for a source or a target.
-- worth_changing: the target of a rollup with some data, whose interval is off by half or more. Stable; locks ACCESS SHARE for its one query.
create or replace function silver.advise_chunk_interval(
  relation regclass, target_bytes bigint,
  out current_interval interval, out recommended_interval interval, out total_bytes bigint, out wanted_bytes bigint,
  out rows_per_day_estimate double precision, out bytes_per_row_estimate double precision, out days double precision,
  out worth_changing boolean, out reason text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  first_at timestamptz;
  last_at timestamptz;
  tuples double precision;
  shortest interval;
  longest interval;
begin
  select * into r from silver.timeseries_rollup_config c where c.target_table = relation;
  if r.rollup_id is not null then
    execute format('select min("timestamp"), max("timestamp") from %s', relation) into first_at, last_at;
    last_at := last_at + r.rollup_table_interval;
    current_interval := r.partition_interval;
  else
    select e.first_at, e.last_at into first_at, last_at
    from silver.timeseries_tracked_source s cross join lateral silver.source_extent(s.source_id) e where s.source_table = relation;
    select max(b.upper_at - b.lower_at) into current_interval
    from silver.partition_bounds(relation) b where isfinite(b.lower_at) and isfinite(b.upper_at);
  end if;
  select coalesce(sum(pg_catalog.pg_total_relation_size(m)), 0), sum(k.reltuples) filter (where k.reltuples > 0)
  into total_bytes, tuples
  from silver.source_members(relation) m join pg_catalog.pg_class k on k.oid = m and k.relkind in ('r', 'm');
  wanted_bytes := coalesce(target_bytes,
    greatest(67108864, pg_catalog.pg_size_bytes(current_setting('shared_buffers')) / 4));
  days := extract(epoch from last_at - first_at) / 86400;
  bytes_per_row_estimate := total_bytes / tuples;

  -- What arrived in the last week, where that is more than usual; what lies there on average, else.
  select greatest(tuples / nullif(days, 0), case when r.rollup_id is not null then (
      select sum(l.rows_inserted) / 7.0 from silver.timeseries_refresh_log l
      where l.rollup_id = r.rollup_id and l.reason = 'forward' and l.finished_at > now() - interval '7 days'
        and r.created_at < now() - interval '14 days') end)
  into rows_per_day_estimate;

  if coalesce(rows_per_day_estimate * bytes_per_row_estimate, 0) = 0 then
    recommended_interval := current_interval;
    worth_changing := false;
    reason := case when total_bytes > 0 and tuples is null and first_at is not null
      then 'not analyzed yet: run ANALYZE first' else 'no data yet' end;
    return;
  end if;

  -- Partitions hold whole buckets; retention drops them in time only where some fit into its period.
  shortest := coalesce(greatest(r.rollup_table_interval, interval '1 hour'), interval '1 hour');
  longest := coalesce(r.retention_period / 4, interval '100 years');
  select step into recommended_interval
  from unnest(array[interval '1 hour', '6 hours', '1 day', '7 days', '1 month', '3 months', '1 year', '10 years']) as step
  order by step < shortest,
    (step <= longest and extract(epoch from step) / 86400 * rows_per_day_estimate * bytes_per_row_estimate <= wanted_bytes) desc,
    case when step <= longest and extract(epoch from step) / 86400 * rows_per_day_estimate * bytes_per_row_estimate <= wanted_bytes
      then -extract(epoch from step) else extract(epoch from step) end
  limit 1;
  recommended_interval := greatest(recommended_interval, shortest);
  reason := format('%s a day, %s wanted a partition', pg_catalog.pg_size_pretty((rows_per_day_estimate * bytes_per_row_estimate)::bigint),
    pg_catalog.pg_size_pretty(wanted_bytes));
  worth_changing := current_interval is not null and total_bytes > 1048576 and days > 2
    and (recommended_interval >= current_interval * 2 or recommended_interval * 2 <= current_interval);
end
$$;
