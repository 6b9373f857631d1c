-- silver.live_extent(source_id): smallest and largest instant of a row that a live view may find in a source: of its own rows, and where it is a
-- target, whose live view is read, of those of the source it is computed from, up to the root: rows not computed yet are there only, rows
-- whose source has expired here only. Null where there is none. Not is_known: a look would have to read all of a table (silver.has_time_access).
-- Stable, exact in the caller's snapshot; takes no locks but ACCESS SHARE.
create or replace function silver.live_extent(source_id integer, out is_known boolean, out first_at timestamptz, out last_at timestamptz)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  level record;
  extent record;
begin
  is_known := true;
  for level in
    with recursive above (source_id, source_table, kind) as (
      select s.source_id, s.source_table, s.kind from silver.timeseries_tracked_source s where s.source_id = live_extent.source_id
      union all
      select s.source_id, s.source_table, s.kind
      from above a
      join silver.timeseries_rollup_config r on a.kind = 'derived' and r.target_table = a.source_table
      join silver.timeseries_tracked_source s on s.source_id = r.source_id
    )
    select a.source_id, silver.has_time_access(a.source_id) as is_exact from above a
  loop
    if not level.is_exact then
      is_known := false;
      return;
    end if;
    select e.first_at, e.last_at into extent from silver.source_extent(level.source_id) e;
    first_at := least(first_at, extent.first_at);
    last_at := greatest(last_at, extent.last_at);
  end loop;
end
$$;
