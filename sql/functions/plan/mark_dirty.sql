-- silver.mark_dirty(source_id, touched): adds a changed range to the dirt of every rollup of the source, widened to each one's
-- own buckets, where it has been computed or is being computed. (Elsewhere a chunk still to come will read it.)
-- The caller holds the progress rows (silver.lock_progress). Returns the number of rollups dirtied.
create or replace function silver.mark_dirty(source_id integer, touched tstzmultirange)
returns integer
language plpgsql strict
set search_path = ''
as $$
declare
  r silver.timeseries_rollup_config;
  dirtied integer := 0;
begin
  for r in select * from silver.timeseries_rollup_config c where c.source_id = mark_dirty.source_id order by c.rollup_id loop
    update silver.timeseries_progress p
    set dirty = p.dirty + w.share
    from (
      select silver.widen_to_buckets(touched, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
        * (q.covered + silver.in_flight(r.rollup_id) * q.wanted) as share
      from silver.timeseries_progress q where q.rollup_id = r.rollup_id
    ) as w
    where p.rollup_id = r.rollup_id and not w.share <@ p.dirty;
    if found then
      dirtied := dirtied + 1;
    end if;
  end loop;
  return dirtied;
end
$$;
