-- silver.gauges(max_names): what there is to measure in the database, a value a row: freshness and chunks of each rollup, what waits in each source, and how the
-- server is doing. A scheduler exports them while its telemetry is on; without one, a collector that reads SQL can. docs/telemetry.md says what each is.
-- max_names: at most so many rollups, and so many sources, are named, those furthest behind first, so that no number of rollups makes a time series database
-- burst; what is summed over all counts the others too.
-- Returns the gauge's name as in that catalogue, without "silver."; the names and values of its attributes; the value. Units are in the name: seconds,
-- bytes, or a count. Nothing to say (no replica, no cache read yet) is no row.
-- Programs alive are counted in pg-boss's table of instances, where the caller may read it, by its columns name, heartbeat_on, heartbeat_seconds and stopped_on.
-- Errors: 22023 max_names below 1. Stable; takes no locks. As costly as two looks at silver.timeseries_operations_monitor without its source_change.
create or replace function silver.gauges(max_names integer default 200)
returns table (gauge text, attributes jsonb, value double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
  if max_names is null or max_names < 1 then
    raise exception 'max_names: % names no rollup', coalesce(max_names::text, 'null') using errcode = '22023', hint = 'Pass 1 or more.';
  end if;
  return query
  with monitor as materialized (
    -- What is measured alone: its other columns, the source's change above all, cost seven times as much.
    select m.rollup_id, m.target_table, m.status, m.lag_seconds, m.alert_threshold, m.is_late, m.pending_buckets, m.queued, m.running, m.retrying, m.dead,
      m.retry_count, m.success_rate, m.avg_duration_ms, row_number() over (order by m.lag_seconds > extract(epoch from m.alert_threshold) desc, m.dead desc, m.lag_seconds desc, m.rollup_id) as place
    from silver.timeseries_operations_monitor m
  ),
  named as (
    select m.* from monitor m where m.place <= max_names
  ),
  waiting as (
    select s.source_id, s.source_table::text as source, l.entries,
      coalesce(extract(epoch from clock_timestamp() - d.since), 0) as held
    from silver.timeseries_tracked_source s
    cross join lateral (select count(*) as entries from silver.timeseries_invalidation_log l where l.source_id = s.source_id) as l
    cross join lateral (select min(d.created_at) filter (where d.provisional or d.writers <> '{}') as since
      from silver.timeseries_drain d where d.source_id = s.source_id) as d
    where s.kind <> 'derived'
    order by 4 desc, 3 desc, 1
    limit max_names
  ),
  activity as materialized (
    select a.pid, coalesce(a.state, 'hidden') as state, a.wait_event_type, a.xact_start
    from pg_catalog.pg_stat_activity a
    where a.backend_type = 'client backend' and a.datname = current_database()
  )
  select g.name, g.labels, g.measured::double precision
  from (
    select v.name, v.labels, v.measured
    from named m
    join silver.timeseries_rollup_config r on r.rollup_id = m.rollup_id
    cross join lateral (
      select max(k.relpages)::double precision * current_setting('block_size')::integer as bytes
      from silver.source_members(r.target_table) p join pg_catalog.pg_class k on k.oid = p and k.relkind = 'r'
    ) as largest
    cross join lateral jsonb_build_object('silver.target', m.target_table) as target
    cross join lateral (values
      ('rollup.lag_seconds', target, m.lag_seconds),
      ('rollup.alert_threshold_seconds', target, extract(epoch from m.alert_threshold)),
      ('rollup.pending_buckets', target, m.pending_buckets),
      ('rollup.chunks', target || '{"silver.chunk.state": "queued"}', m.queued),
      ('rollup.chunks', target || '{"silver.chunk.state": "running"}', m.running),
      ('rollup.chunks', target || '{"silver.chunk.state": "retrying"}', m.retrying),
      ('rollup.chunks', target || '{"silver.chunk.state": "dead"}', m.dead),
      ('rollup.retries', target, m.retry_count),
      ('rollup.success_ratio', target, m.success_rate),
      ('rollup.chunk_duration_seconds', target, m.avg_duration_ms / 1000),
      ('rollup.partition_bytes', target, largest.bytes)
    ) as v (name, labels, measured)
    union all
    select 'rollups', jsonb_build_object('silver.rollup.status', s.status), count(m.rollup_id)
    from unnest(array['idle', 'processing', 'error', 'paused']) as s (status) left join monitor m on m.status = s.status
    group by s.status
    union all
    select v.name, v.labels, v.measured
    from (select count(*) filter (where m.is_late) as late, sum(m.queued) as queued, sum(m.running) as running,
        sum(m.retrying) as retrying, sum(m.dead) as dead from monitor m) as m
    cross join lateral (values
      ('rollups_late', '{}'::jsonb, m.late::numeric),
      ('chunks', '{"silver.chunk.state": "queued"}', coalesce(m.queued, 0)),
      ('chunks', '{"silver.chunk.state": "running"}', coalesce(m.running, 0)),
      ('chunks', '{"silver.chunk.state": "retrying"}', coalesce(m.retrying, 0)),
      ('chunks', '{"silver.chunk.state": "dead"}', coalesce(m.dead, 0))
    ) as v (name, labels, measured)
    union all
    select 'queue.oldest_wait_seconds', '{}', coalesce(greatest(0, extract(epoch from clock_timestamp() - min(coalesce(c.retry_at, c.planned_at)))), 0)
    from silver.timeseries_chunk c where c.state = 'queued' or c.state = 'retrying' and c.retry_at < clock_timestamp()
    union all
    select 'backlog_seconds', '{}', silver.backlog_seconds()
    union all
    select v.name, jsonb_build_object('silver.source', w.source), v.measured
    from waiting w
    cross join lateral (values ('source.seal_wait_seconds', w.held), ('source.invalidations', w.entries)) as v (name, measured)
    union all
    select 'partition_limit_bytes', '{}', greatest(67108864, pg_catalog.pg_size_bytes(current_setting('shared_buffers')) / 4)
    union all
    select 'database.connections', jsonb_build_object('silver.connection.state', a.state), count(*) from activity a group by a.state
    union all
    select 'database.connections_limit', '{}', current_setting('max_connections')::integer
    union all
    select 'database.lock_waits', '{}', count(*) from activity a where a.wait_event_type = 'Lock'
    union all
    select 'database.oldest_transaction_seconds', '{}', coalesce(max(extract(epoch from clock_timestamp() - a.xact_start)), 0)
    from activity a where a.pid <> pg_backend_pid()
    union all
    select 'database.replay_lag_seconds', '{}', max(extract(epoch from s.replay_lag)) from pg_catalog.pg_stat_replication s
    union all
    select v.name, v.labels, v.measured
    from pg_catalog.pg_stat_database d
    cross join lateral (values
      ('database.blocks', '{"silver.block.source": "cache"}'::jsonb, d.blks_hit), ('database.blocks', '{"silver.block.source": "disk"}', d.blks_read),
      ('database.transactions', '{"silver.outcome": "committed"}', d.xact_commit),
      ('database.transactions', '{"silver.outcome": "rolled back"}', d.xact_rollback),
      ('database.deadlocks', '{}', d.deadlocks), ('database.temporary_bytes', '{}', d.temp_bytes)
    ) as v (name, labels, measured)
    where d.datname = current_database()
  ) as g (name, labels, measured)
  where g.measured is not null;

  if has_table_privilege(to_regclass('silver_pgboss.instance'), 'select') then
    return query execute $programs$
      select 'programs', jsonb_build_object('silver.program', p.program), count(i.id)::double precision
      from unnest(array['scheduler', 'worker']) as p (program)
      left join silver_pgboss.instance i on i.name = 'silver ' || p.program and i.stopped_on is null
        and i.heartbeat_on > clock_timestamp() - 3 * i.heartbeat_seconds * interval '1 second'
      group by p.program$programs$;
  end if;
end
$$;
