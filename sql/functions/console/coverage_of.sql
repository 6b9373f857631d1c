-- silver.coverage_of(rollup_id): all the time of a rollup up to its head, in disjoint sets of whole buckets, each under the one word that matters most
-- to whoever looks at it, in this order:
--   dead, retrying, running, queued   in a chunk
--   dirty         covered, and its source rows changed since
--   provisional   computed before the writers of its time had ended
--   unsettled     in doubt for another reason: a change not yet consumed, a new partition, a parent's own doubt
--   frozen        covered and final
--   covered       covered and right
--   missing       due and never covered
--   expired       before what is wanted: dropped by retention
-- ranges: at most `most` of them; beyond that the narrowest gaps are filled, exact says whether. buckets: how many the exact set holds.
-- Stable, all in the caller's snapshot; takes no locks.
create or replace function silver.coverage_of(rollup_id integer, most integer default 2000)
returns table (state text, ranges tstzmultirange, buckets bigint, exact boolean)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  taken tstzmultirange := '{}';
  doubtful tstzmultirange;
  one record;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = coverage_of.rollup_id;
  select * into strict p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
  doubtful := p.covered * silver.unsettled(r.rollup_id);
  for one in
    with flight as (
      select c.state, range_agg(c.ranges) as ranges from silver.timeseries_chunk c where c.rollup_id = r.rollup_id group by c.state
    )
    select sets.state, coalesce(sets.ranges, '{}') as ranges
    from (values
      (1, 'dead', (select f.ranges from flight f where f.state = 'dead')),
      (2, 'retrying', (select f.ranges from flight f where f.state = 'retrying')),
      (3, 'running', (select f.ranges from flight f where f.state = 'running')),
      (4, 'queued', (select f.ranges from flight f where f.state = 'queued')),
      (5, 'dirty', p.dirty),
      (6, 'provisional', doubtful * silver.widen_to_buckets((
          select range_agg(d.range) from silver.timeseries_drain d where d.source_id = r.source_id and d.provisional),
        r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)),
      (7, 'unsettled', doubtful),
      (8, 'frozen', p.covered * tstzmultirange(tstzrange(null, p.frozen_until))),
      (9, 'covered', p.covered),
      (10, 'missing', p.wanted * tstzmultirange(tstzrange(null, silver.due_until(r.rollup_id)))),
      (11, 'expired', case when lower(p.wanted) > r.start_from
        then tstzmultirange(tstzrange(r.start_from, lower(p.wanted))) end)) as sets (rank, state, ranges)
    order by sets.rank
  loop
    ranges := one.ranges - taken;
    continue when isempty(ranges);
    taken := taken + ranges;
    state := one.state;
    buckets := case when lower_inf(ranges) or upper_inf(ranges) then null else silver.count_buckets(ranges, r.rollup_id) end;
    exact := (select count(*) from unnest(ranges)) <= most;
    if not exact then
      ranges := silver.coalesce_ranges(ranges, most);
    end if;
    return next;
  end loop;
end
$$;
