-- silver.live_bounds(rollup_id): what a live view needs, computed once a query: the unsettled ranges; settled_from and
-- settled_to, the longest settled stretch, which plain comparisons serve; and tail_from, the start of the present bucket or of a
-- later unsettled range that has no end: from there on buckets cannot be listed, so they are found by grouping.
-- Stable; takes no locks.
create or replace function silver.live_bounds(rollup_id integer,
  out ranges tstzmultirange, out settled_from timestamptz, out settled_to timestamptz, out tail_from timestamptz)
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  r silver.timeseries_rollup_config;
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
end
$$;
