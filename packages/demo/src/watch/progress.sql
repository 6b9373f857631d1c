-- How far each rollup is, over the flights' days ($1 to $2).
select
  regexp_replace(m.target_table, '^public\.', '') as target,
  m.source_table = 'public.flights' as "isFromFlights",
  m.pending_buckets::float8 as "pendingBuckets",
  m.in_flight::float8 as "inFlight",
  m.dead::float8 as dead,
  m.last_error as "lastError",
  isempty(silver.unsettled(m.rollup_id) * days) as "isSettled",
  coalesce((select sum(extract(epoch from upper(r) - lower(r))) from unnest(p.covered * days) r)::float8, 0) as "coveredSeconds",
  extract(epoch from $2::timestamptz - $1::timestamptz)::float8 as "totalSeconds",
  done.chunks,
  done.late_chunks as "lateChunks",
  done.rows_read as "rowsRead",
  done.forward_rows_read as "forwardRowsRead",
  done.first_started_at as "startedMs",
  done.last_finished_at as "finishedMs",
  done.busy_ms as "busyMs"
from silver.timeseries_operations_monitor m
join silver.timeseries_progress p using (rollup_id)
cross join tstzmultirange(tstzrange($1::timestamptz, $2::timestamptz)) as days
cross join lateral (
  select
    count(*)::float8 as chunks,
    count(*) filter (where l.reason <> 'forward')::float8 as late_chunks,
    coalesce(sum(l.rows_read), 0)::float8 as rows_read,
    coalesce(sum(l.rows_read) filter (where l.reason = 'forward'), 0)::float8 as forward_rows_read,
    (extract(epoch from min(l.started_at)) * 1000)::float8 as first_started_at,
    (extract(epoch from max(l.finished_at)) * 1000)::float8 as last_finished_at,
    coalesce(sum(l.duration_ms), 0)::float8 as busy_ms
  from silver.timeseries_refresh_log l
  where l.rollup_id = m.rollup_id
) as done
order by m.rollup_id;
