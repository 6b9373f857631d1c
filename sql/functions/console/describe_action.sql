-- silver.describe_action(action): the sentence a person reads before the console does something: what would happen, counted from the database as it is
-- now. action: {"action": "pause", "rollup_id": 1, "until": …}, "resume", "retry" or "discard" with "chunk_id", "invalidate" or "verify" with
-- "from_time" and "to_time" (verify also "sample", "repair"). Null when there is nothing to act on: the rollup or chunk is gone.
-- "backfill" with "from_time", "to_time", "descendants", "direction" and "force" (silver.plan_backfill says what it would do; where it would be refused, that is said);
-- "cancel-backfill" with "backfill_id". Errors: 22023 for a range that is empty. Changes nothing; volatile for the EXPLAIN in silver.plan_backfill. Takes no locks of its own.
create or replace function silver.describe_action(action jsonb)
returns text
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
declare
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  c silver.timeseries_chunk;
  asked tstzmultirange;
  buckets numeric;
  flying bigint;
  sentence text;
begin
  select * into r from silver.timeseries_rollup_config q where q.rollup_id = (action ->> 'rollup_id')::integer;
  if not found then
    return null;
  end if;
  select * into strict p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
  if action ? 'chunk_id' then
    select * into c from silver.timeseries_chunk q where q.chunk_id = (action ->> 'chunk_id')::bigint and q.rollup_id = r.rollup_id;
    if not found then
      return null;
    end if;
  end if;
  if action ->> 'action' = 'backfill' then
    select string_agg(case when f.refusal is not null then format('%s: refused. %s', f.target_table, f.refusal)
        else format('%s: %s buckets (%s never computed, %s computed again) in about %s chunks%s%s, below all live work', f.target_table, f.buckets, f.new_buckets,
          f.recomputed_buckets, f.chunks, coalesce(format(', reading about %s source rows', f.source_rows), ''),
          coalesce(format(', about %s of one worker''s time', date_trunc('second', f.duration) + interval '1 second'), '')) end, '. ')
    into sentence
    from silver.plan_backfill(r.target_table::text, (action ->> 'from_time')::timestamptz, (action ->> 'to_time')::timestamptz,
      (action ->> 'descendants')::boolean, (action ->> 'force')::boolean) f;
    return sentence || '.';
  elsif action ->> 'action' = 'cancel-backfill' then
    select format('Backfill %s of %s ends: %s of %s buckets are done and stay; its chunks that no worker has begun go, and what is left of its range is no longer wanted.',
        b.backfill_id, b.target_table, b.done_buckets, b.total_buckets)
    into sentence
    from silver.timeseries_backfill_progress b where b.backfill_id = (action ->> 'backfill_id')::bigint and b.state = 'open';
    return sentence;
  end if;
  if action ? 'from_time' then
    if (action ->> 'from_time')::timestamptz >= (action ->> 'to_time')::timestamptz then
      raise exception 'from_time, to_time: the range from % to % is empty', action ->> 'from_time', action ->> 'to_time' using errcode = '22023';
    end if;
    asked := p.covered * silver.widen_to_buckets(
      tstzmultirange(tstzrange((action ->> 'from_time')::timestamptz, (action ->> 'to_time')::timestamptz)) * p.wanted,
      r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    buckets := silver.count_buckets(asked, r.rollup_id);
  end if;
  flying := (select count(*) from silver.timeseries_chunk q where q.rollup_id = r.rollup_id and q.state <> 'dead');
  return case action ->> 'action'
    when 'pause' then format('Nothing of %s is planned %s. %s in flight go on. Changes of its source go on being logged, so its live view stays right.',
      r.target_table, case when action ? 'until' then 'before ' || (action ->> 'until')::timestamptz else 'until it is resumed' end,
      case flying when 1 then '1 chunk' else flying || ' chunks' end)
    when 'resume' then format('%s is planned again, at once: what fell due meanwhile first.', r.target_table)
    when 'retry' then format('Chunk %s of %s, %s buckets from %s, gets all its attempts again and is due at once. It failed with: %s',
      c.chunk_id, r.target_table, c.buckets, lower(c.ranges), coalesce(c.last_error, 'no recorded error'))
    when 'discard' then format('Chunk %s of %s is given up: its %s buckets from %s are pending again, and are cut into new chunks by the window now in force.',
      c.chunk_id, r.target_table, c.buckets, lower(c.ranges))
    when 'invalidate' then format('%s covered buckets of %s become dirty and are computed again. Until then its live view computes them from the source.',
      buckets, r.target_table)
    when 'verify' then format('Compares %s covered buckets of %s with its source, which is read for them. %s', case
      when action ? 'sample' then format('%s of %s', least((action ->> 'sample')::numeric, buckets), buckets) else buckets::text end, r.target_table,
      case when (action ->> 'repair')::boolean then 'Those that differ become dirty and are computed again.' else 'Nothing is changed.' end)
    end;
end
$$;
