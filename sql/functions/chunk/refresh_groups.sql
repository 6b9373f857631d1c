-- silver.refresh_groups(rollup_id, ranges): computes of whole buckets just the groups that changed (timeseries_dirty_group), by the rollup's statement for
-- groups: from the source, as this transaction's next snapshot sees it, writing only what differs. A group changed since that is not
-- among them was logged, and is dirty again.
--   computed      the buckets done so; the caller computes the others whole: nothing was done where that is cheaper by the planner's
--                 costs, or where late_precision says buckets
--   groups        how many groups; groups_cost, buckets_cost: what was compared, null where there was no choice
-- Errors: as silver.refresh_range. Locks: ROW EXCLUSIVE on the target; rows it changes. The caller holds the chunk.
create or replace function silver.refresh_groups(rollup_id integer, ranges tstzmultirange,
  out computed tstzmultirange, out groups bigint, out rows_read bigint, out rows_inserted bigint, out rows_updated bigint, out rows_deleted bigint,
  out groups_cost double precision, out buckets_cost double precision)
language plpgsql strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
set jit = off
set enable_sort = off
set enable_material = off
as $$
declare
  r silver.timeseries_rollup_config;
  st silver.timeseries_rollup_statement;
  froms timestamptz[];
  tos timestamptz[];
  keys jsonb[];
  lo timestamptz;
  hi timestamptz;
  starts timestamptz[];
  in_scan boolean;
  statement text;
begin
  computed := '{}';
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = refresh_groups.rollup_id;
  select * into strict st from silver.timeseries_rollup_statement s where s.rollup_id = refresh_groups.rollup_id;
  if st.groups is null or r.late_precision = 'buckets' then
    return;
  end if;
  -- Each group once, by hashing; then in order of time alone: sorting keys took longer than all the rest.
  select array_agg(u.bucket), array_agg(u.key), min(u.bucket), max(u.bucket), count(*)
  into froms, keys, lo, hi, groups
  from (
    select *
    from (
      select distinct g.bucket, g.key
      from silver.timeseries_dirty_group d cross join unnest(d.buckets, d.keys) as g (bucket, key)
      where d.rollup_id = r.rollup_id and d.ranges && refresh_groups.ranges and refresh_groups.ranges @> g.bucket
      offset 0
    ) as once
    order by once.bucket
  ) as u;
  if groups = 0 then
    return; -- A precise bucket has groups. Without, all of it is computed.
  end if;
  if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) = 'fixed' then
    tos := array(select f + make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision)
      from unnest(froms) with ordinality as u (f, place) order by u.place);
  else
    starts := silver.bucket_starts(lo, silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, hi + interval '1 microsecond'),
      r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    starts := starts || silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, hi + interval '1 microsecond');
    tos := array(select starts[width_bucket(f, starts) + 1] from unnest(froms) with ordinality as u (f, place) order by u.place);
  end if;
  hi := tos[cardinality(tos)];
  select range_agg(tstzrange(u.f, u.t)) into computed from (select distinct x.f, x.t from unnest(froms, tos) as x (f, t)) as u;

  select * into strict groups_cost, in_scan from silver.groups_cost(r.rollup_id, lo, hi, starts, froms, tos, keys);
  statement := case when in_scan then st.groups_in_scan else st.groups end;
  if r.late_precision = 'cheapest' then
    buckets_cost := silver.ranges_cost(r.rollup_id, st.refresh, computed);
    if groups_cost >= buckets_cost then
      computed := '{}';
      return;
    end if;
  end if;
  perform set_config('silver.by_difference', 'on', true);
  begin
    execute statement into rows_read, rows_inserted, rows_updated, rows_deleted using lo, hi, starts, froms, tos, keys;
  exception when check_violation then
    -- A late row in a stretch that was empty, and so has no partition yet. Any other violation comes back.
    if silver.ensure_partitions(rollup_id, computed) = 0 then
      raise;
    end if;
    execute statement into rows_read, rows_inserted, rows_updated, rows_deleted using lo, hi, starts, froms, tos, keys;
  end;
  perform set_config('silver.by_difference', 'off', true);
end
$$;
