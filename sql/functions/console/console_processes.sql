-- silver.console_processes(): Silver's processes by their connections, as one json array: kind (scheduler, worker, console …), name, connections, how many
-- of them are busy, since when, and the chunks each worker runs. A process is what connects under one application_name. What schedulers and workers
-- tell of themselves (silver.timeseries_process): version, host, pid, slots, running, cpu_cores, memory_bytes, seen_at; null for others.
-- What the caller may not see of other roles' sessions (without pg_read_all_stats) is null. Stable; takes no locks.
create or replace function silver.console_processes()
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set jit = off
as $$
  with process as (
    select a.application_name as name, host(a.client_addr) as address, count(*) as connections,
      case when count(a.backend_start) > 0 then count(*) filter (where a.state = 'active' and a.pid <> pg_backend_pid()) end as busy, min(a.backend_start) as since
    from pg_catalog.pg_stat_activity a
    where a.datname = current_database() and a.application_name like 'silver %'
    group by a.application_name, a.client_addr
  )
  select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'kind', split_part(p.name, ' ', 2), 'address', p.address,
      'connections', p.connections, 'busy', p.busy, 'since', p.since,
      'version', s.version, 'host', s.host, 'pid', s.pid, 'slots', s.slots, 'running', s.running, 'cpu_cores', s.cpu_cores,
      'memory_bytes', s.memory_bytes, 'seen_at', s.seen_at, 'chunks', (
        select coalesce(jsonb_agg(jsonb_build_object('chunk_id', c.chunk_id, 'rollup_id', c.rollup_id, 'target_table', r.target_table::text,
          'reason', c.reason, 'attempt', c.attempt, 'started_at', c.started_at) order by c.chunk_id), '[]')
        from silver.timeseries_chunk c join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id
        where c.state = 'running' and p.name = left('silver worker ' || c.worker_id, 63)))
    order by p.name), '[]')
  from process p
  left join silver.timeseries_process s on s.process_name = p.name
$$;
