-- silver.mark_groups(source_id, entries): silver.mark_dirty for entries of the log that say which groups were touched: their buckets become dirty, and
-- precise where they are not dirty already as a whole. For a rollup that does not know its groups by the entry's columns (silver.group_key), and
-- where a dimension of a group is null, for which no index is of use, they are dirty as a whole; so are the later ones where more than 50,000 groups of
-- a rollup would wait.
-- The caller holds the progress rows. Locks: none of its own.
create or replace function silver.mark_groups(source_id integer, entries silver.timeseries_invalidation_log[])
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  r record;
  known silver.timeseries_invalidation_log[];
  unknown tstzmultirange;
  share tstzmultirange;
  final tstzmultirange;
  whole tstzmultirange;
  exact tstzmultirange;
  groups record;
  room bigint;
begin
  for r in
    select c.*, case when c.late_precision <> 'buckets' and s.groups is not null then silver.group_key(c.rollup_id) end as key
    from silver.timeseries_rollup_config c join silver.timeseries_rollup_statement s on s.rollup_id = c.rollup_id
    where c.source_id = mark_groups.source_id order by c.rollup_id
  loop
    select array_agg(e) filter (where r.key <@ e.key_columns),
      range_agg(e.touched) filter (where (r.key <@ e.key_columns) is not true)
    into known, unknown from unnest(entries) e;
    if unknown is not null then
      perform silver.mark_rollup(r.rollup_id, unknown);
    end if;
    continue when known is null;

    select range_agg(t.bucket) as touched, coalesce(range_agg(t.bucket) filter (where t.group_key @> '[null]'), '{}') as whole,
      array_agg(lower(t.bucket)) as buckets, array_agg(t.group_key) as keys
    into groups from silver.touched_groups(r.rollup_id, r.key, known) t;
    -- Covered and in flight are whole buckets, as are those touched.
    select groups.touched * (p.covered + silver.in_flight(r.rollup_id) * p.wanted),
      p.covered * tstzmultirange(tstzrange(null, p.frozen_until)) + silver.kept_buckets(r.rollup_id)
    into strict share, final
    from silver.timeseries_progress p where p.rollup_id = r.rollup_id;
    if share && final then
      update silver.timeseries_progress p
      set frozen_hit_at = clock_timestamp(), frozen_hits = p.frozen_hits + silver.count_buckets(share * final, r.rollup_id)
      where p.rollup_id = r.rollup_id;
      share := share - final;
    end if;
    whole := groups.whole * share;
    select 50000 - coalesce(sum(cardinality(g.buckets)), 0) into room from silver.timeseries_dirty_group g where g.rollup_id = r.rollup_id;
    if cardinality(groups.buckets) > room then
      whole := whole + share * (
        select tstzmultirange(tstzrange(min(c.bucket), null))
        from (select u.bucket, sum(count(*)) over (order by u.bucket) as groups from unnest(groups.buckets) as u (bucket) group by u.bucket) as c
        where c.groups > room);
    end if;
    update silver.timeseries_progress p
    set dirty = p.dirty + share, precise = p.precise - whole + (share - whole - (p.dirty - p.precise))
    where p.rollup_id = r.rollup_id and not isempty(share)
    returning p.precise * share into exact;
    if not isempty(exact) then
      insert into silver.timeseries_dirty_group (rollup_id, ranges, buckets, keys)
      select r.rollup_id, exact, array_agg(u.bucket), array_agg(u.key)
      from unnest(groups.buckets, groups.keys) as u (bucket, key) where exact @> u.bucket;
    end if;
  end loop;
end
$$;
