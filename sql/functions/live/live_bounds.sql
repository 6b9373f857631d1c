-- silver.live_bounds(rollup_id): what a live view needs, computed once a query: the unsettled ranges; settled_from and
-- settled_to, the longest settled stretch, which plain comparisons serve; tail_from, the start of the present bucket or of a
-- later unsettled range that has no end: from there on buckets cannot be listed, so they are found by grouping; and listed, the unsettled
-- ranges before the tail, without the stretches at either end of a long list in which the source has no row.
-- Stable, all in the caller's snapshot; takes no locks.
create or replace function silver.live_bounds(rollup_id integer,
  out ranges tstzmultirange, out settled_from timestamptz, out settled_to timestamptz,
  out tail_from timestamptz, out listed tstzmultirange)
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  r silver.timeseries_rollup_config;
  extent record;
begin
  ranges := silver.unsettled(rollup_id);
  select coalesce(lower(s), '-infinity'), coalesce(upper(s), 'infinity') into settled_from, settled_to
  from unnest('{(,)}'::tstzmultirange - ranges) as s
  order by least(coalesce(upper(s), now()), now()) - greatest(coalesce(lower(s), '0001-01-01Z'), '0001-01-01Z') desc
  limit 1;
  settled_from := coalesce(settled_from, 'infinity');
  settled_to := coalesce(settled_to, 'infinity');
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = live_bounds.rollup_id;
  tail_from := case when upper_inf(ranges) then greatest(
    silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, now()),
    (select lower(u) from unnest(ranges) as u where upper_inf(u)), '-infinity') end;
  listed := ranges * tstzmultirange(tstzrange(null, tail_from));
  if (select sum(extract(epoch from upper(u) - lower(u))) from unnest(listed) as u) / extract(epoch from r.rollup_table_interval) > 20 then
    select * into extent from silver.live_extent(r.source_id);
    if extent.is_known then
      listed := case when extent.first_at is null then '{}' else listed * silver.widen_to_buckets(tstzmultirange(tstzrange(extent.first_at, extent.last_at + interval '1 microsecond')),
        r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin) end;
    end if;
  end if;
end
$$;
