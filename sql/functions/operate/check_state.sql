-- silver.check_state(rollup_id): findings about how a rollup fares, for silver.validate_rollup_config. Stable; takes no locks.
create or replace function silver.check_state(rollup_id integer)
returns table (severity text, code text, message text, remedy text)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  dead record;
  p silver.timeseries_progress;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = check_state.rollup_id;
  select count(*) as n, min(c.chunk_id) as first_chunk, (array_agg(c.last_error order by c.chunk_id))[1] as error into dead
  from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.state = 'dead';
  if dead.n > 0 then
    return query select 'error', 'chunk_dead', format('%s dead chunk%s, the first is %s: %s', dead.n,
        case when dead.n > 1 then 's' else '' end, dead.first_chunk, dead.error),
      format('Mend the cause, then SELECT silver.reset_rollup_retry(%L);', r.target_table::text);
  end if;
  return query
  select 'warning', 'seal_held', format('%s has held the seal of %s for %s: what it writes there is computed once it ends',
      case when h.gid is not null then format('prepared transaction %L', h.gid) else format('pid %s', h.pid) end, r.source_table, clock_timestamp() - h.since),
    case when h.gid is not null then format('COMMIT PREPARED %L; or ROLLBACK PREPARED %L;', h.gid, h.gid)
      else format('End it, or SELECT pg_terminate_backend(%s);', h.pid) end
  from silver.seal_holders(r.source_id) h
  where h.since < clock_timestamp() - greatest(r.alert_threshold, interval '10 minutes')
    and exists (select from silver.timeseries_drain d where d.source_id = r.source_id); -- Else nobody is asked of all locks and sessions.

  if r.paused_until > clock_timestamp() then
    return query select 'info', 'paused', case when isfinite(r.paused_until) then format('paused until %s', r.paused_until) else 'paused' end,
      format('SELECT silver.resume_rollup(%L);', r.target_table::text);
  end if;
  select * into p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
  if p.rollup_id is null then
    return query select 'error', 'progress_missing', format('%s has no row in silver.timeseries_progress', r.target_table),
      format('SELECT silver.drop_rollup(%L); and create it again.', r.target_table::text);
    return;
  elsif p.frozen_hits > 0 then
    return query select 'info', 'frozen_hits', format('late changes touched %s buckets that are final, last at %s, and were not computed', p.frozen_hits, p.frozen_hit_at),
      format('If the source still holds all of their rows: SELECT silver.invalidate(%L, from_time, to_time, force => true);', r.target_table::text);
  end if;
  if not isempty(silver.kept_buckets(r.rollup_id)) then
    return query select 'info', 'source_gone', format('partitions of %s were detached or dropped: %s buckets computed from them are final',
        r.source_table, silver.count_buckets(silver.kept_buckets(r.rollup_id), r.rollup_id)),
      'Nothing, if their rows had expired. Attach the partitions again, and the buckets follow them; on_partition_drop says what becomes of the next ones.';
  end if;
end
$$;
