-- silver.console_rollup(rollup_id): what the console's page of one rollup shows, as one json object: settings, columns, its rollups above and below,
-- coverage (silver.coverage_of), chunks in flight (at most 100), the last 200 committed chunks, each with the database's load as it was committed
-- (silver.timeseries_load; null where nobody noted it within the minute before), the last 20 errors, the last 5 backfills that concern it, who holds the seal, and the target's
-- sizes by partition (the 200 newest). Null for an unknown rollup. Stable; takes no locks.
create or replace function silver.console_rollup(rollup_id integer)
returns jsonb
language sql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set jit = off
as $$
  with recursive line (rollup_id, depth) as (
    select console_rollup.rollup_id, 0
    union all
    select parent.rollup_id, line.depth - 1
    from line
    join silver.timeseries_rollup_config r on r.rollup_id = line.rollup_id and line.depth <= 0
    join silver.timeseries_tracked_source s on s.source_id = r.source_id and s.kind = 'derived'
    join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
  ), below (rollup_id, depth) as (
    select console_rollup.rollup_id, 0
    union all
    select child.rollup_id, below.depth + 1
    from below
    join silver.timeseries_rollup_config r on r.rollup_id = below.rollup_id
    join silver.timeseries_tracked_source s on s.source_table = r.target_table
    join silver.timeseries_rollup_config child on child.source_id = s.source_id
  )
  select jsonb_build_object(
    'rollup_id', r.rollup_id,
    'source_table', r.source_table::text,
    'target_table', r.target_table::text,
    'settings', to_jsonb(r) - array['rollup_id', 'source_table', 'target_table', 'source_id', 'created_with', 'status', 'worker_id', 'retry_count'],
    'columns', (
      select coalesce(jsonb_agg(jsonb_build_object('name', c.column_name, 'role', c.role, 'metric', c.metric, 'type', c.column_type, 'composes', c.composes)
        order by c.position), '[]')
      from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id),
    'hierarchy', (
      select jsonb_agg(jsonb_build_object('rollup_id', h.rollup_id, 'depth', h.depth, 'target_table', t.target_table::text,
        'interval', t.rollup_table_interval::text) order by h.depth, h.rollup_id)
      from (select * from line union select * from below) as h
      join silver.timeseries_rollup_config t on t.rollup_id = h.rollup_id),
    'coverage', (
      select coalesce(jsonb_agg(jsonb_build_object('state', v.state, 'buckets', v.buckets, 'exact', v.exact, 'ranges', (
        select coalesce(jsonb_agg(jsonb_build_array(lower(x), upper(x)) order by x), '[]') from unnest(v.ranges) as x))), '[]')
      from silver.coverage_of(r.rollup_id) v),
    'chunks', (
      select coalesce(jsonb_agg(to_jsonb(c) order by c.chunk_id), '[]')
      from (
        select k.chunk_id, lower(k.ranges) as from_time, upper(k.ranges) as to_time, k.buckets, k.reason, k.state, k.attempt, k.worker_id,
          k.planned_at, k.started_at, k.retry_at, k.last_error, k.trace
        from silver.timeseries_chunk k where k.rollup_id = r.rollup_id
        order by k.state = 'dead' desc, k.chunk_id desc limit 100) as c),
    'refreshes', (
      select coalesce(jsonb_agg(to_jsonb(l) order by l.finished_at desc), '[]')
      from (
        select g.chunk_id, lower(g.ranges) as from_time, upper(g.ranges) as to_time, g.buckets, g.reason, g.attempt, g.worker_id, g.started_at,
          g.finished_at, g.duration_ms, g.rows_read, g.rows_inserted, g.rows_updated, g.rows_deleted, g.trace,
          d.active_backends, d.factor as load_factor
        from silver.timeseries_refresh_log g
        left join lateral (
          select s.active_backends, s.factor from silver.timeseries_load s
          where s.taken_at between g.finished_at - interval '1 minute' and g.finished_at order by s.taken_at desc limit 1) as d on true
        where g.rollup_id = r.rollup_id order by g.finished_at desc limit 200) as l),
    'errors', (
      select coalesce(jsonb_agg(to_jsonb(e) order by e.occurred_at desc), '[]')
      from (
        select f.error_id, f.chunk_id, f.attempt, f.worker_id, f.error_message, f.sql_state, f.detail, f.hint, f.attempted_query, f.trace, f.occurred_at
        from silver.timeseries_error_log f where f.rollup_id = r.rollup_id order by f.occurred_at desc limit 20) as e),
    'seal_holders', (
      select coalesce(jsonb_agg(jsonb_build_object('pid', h.pid, 'gid', h.gid, 'since', h.since, 'state', h.state, 'query', left(h.query, 500))), '[]')
      from silver.seal_holders(r.source_id) h),
    'backfills', (
      select coalesce(jsonb_agg(to_jsonb(b) order by b.backfill_id desc), '[]')
      from (
        select o.backfill_id, o.from_time, o.to_time, o.direction, o.state, o.requested_by, o.created_at, o.done_buckets, o.total_buckets,
          extract(epoch from o.time_left) as seconds_left, o.reason
        from silver.timeseries_backfill_progress o
        where o.backfill_id in (
          select q.backfill_id from silver.timeseries_backfill_part q where q.rollup_id = r.rollup_id order by q.backfill_id desc limit 5)) as b),
    'partitions', (
      select coalesce(jsonb_agg(to_jsonb(q) order by q.name desc), '[]')
      from (
        select k.relname as name, k.relpages::bigint * current_setting('block_size')::bigint as bytes_estimate, greatest(k.reltuples, 0)::bigint as rows_estimate
        from silver.source_members(r.target_table) m join pg_catalog.pg_class k on k.oid = m and k.relkind = 'r'
        order by k.relname desc limit 200) as q))
  from silver.timeseries_rollup_config r where r.rollup_id = console_rollup.rollup_id
$$;
