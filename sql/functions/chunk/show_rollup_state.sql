-- silver.show_rollup_state(rollup_id): brings the config row's status, worker_id, retry_count and last_processed_time in line
-- with the chunks and the coverage they are derived from: the one place that derives them. Writes nothing when they are right.
-- Locks: the config row, when it changes; taken last by everyone.
create or replace function silver.show_rollup_state(rollup_id integer)
returns void
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
as $$
begin
  update silver.timeseries_rollup_config r
  set status = now_is.status, worker_id = now_is.worker_id, retry_count = now_is.retry_count,
    last_processed_time = now_is.watermark, updated_at = clock_timestamp()
  from (
    select
      case
        when count(*) filter (where c.state = 'running') > 0 then 'processing'
        when count(*) filter (where c.state in ('dead', 'retrying')) > 0 then 'error'
        when (select coalesce(q.paused_until > now(), false) from silver.timeseries_rollup_config q
              where q.rollup_id = show_rollup_state.rollup_id) then 'paused'
        else 'idle' end as status,
      (array_agg(c.worker_id order by c.started_at desc) filter (where c.state = 'running'))[1] as worker_id,
      coalesce(max(greatest(c.attempt - 1, 0)), 0) as retry_count,
      -- Where retention has cut off the start, the run begins at the cut; a run that is gone whole ends there too.
      (select coalesce(
          (select upper(run) from unnest(p.covered) as run where run @> greatest(q.start_from, lower(p.wanted))),
          case when lower(p.wanted) > q.start_from then lower(p.wanted) end)
       from silver.timeseries_progress p join silver.timeseries_rollup_config q on q.rollup_id = p.rollup_id
       where p.rollup_id = show_rollup_state.rollup_id) as watermark
    from silver.timeseries_chunk c where c.rollup_id = show_rollup_state.rollup_id
  ) as now_is
  where r.rollup_id = show_rollup_state.rollup_id
    and (r.status, r.worker_id, r.retry_count, r.last_processed_time)
      is distinct from (now_is.status, now_is.worker_id, now_is.retry_count, now_is.watermark);
end
$$;
