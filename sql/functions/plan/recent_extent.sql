-- silver.recent_extent(source_id): silver.source_extent as it was at most five seconds ago, with the grid of its
-- partitions, for the planner, which asks each time a chunk ends and would spend more on a source of hundreds of partitions than on all
-- else. A commit between two looks is like one between planning
-- and running a chunk: its rows are counted all the same, in a chunk that was sized without them.
-- So is what was known before good enough while DDL held open on one partition keeps everybody from reading the tree: that is
-- waited for a fifth of a second, once in five, and planning goes on.
-- The caller holds silver.lock_source. Locks: those of silver.source_extent, and the row of the source's extent.
create or replace function silver.recent_extent(source_id integer)
returns silver.timeseries_source_extent
language plpgsql strict
set search_path = pg_catalog, pg_temp
set lock_timeout = '200ms'
as $$
declare
  known silver.timeseries_source_extent;
begin
  select * into known from silver.timeseries_source_extent e where e.source_id = recent_extent.source_id;
  if known.read_at between clock_timestamp() - interval '5 seconds' and clock_timestamp() then
    return known;
  end if;
  begin
    insert into silver.timeseries_source_extent as e (
      source_id, first_at, last_at, row_estimate, partition_from, partition_to, read_at)
    select recent_extent.source_id, now_at.first_at, now_at.last_at, now_at.row_estimate, lower(part.bounds), upper(part.bounds),
      clock_timestamp()
    from silver.source_extent(recent_extent.source_id) now_at
    left join lateral (
      select b.bounds
      from silver.timeseries_tracked_source s
      cross join lateral silver.child_bounds(s.source_table, s.time_column, coalesce(s.time_zone, 'UTC')) b
      where s.source_id = recent_extent.source_id and not (lower_inf(b.bounds) or upper_inf(b.bounds))
      order by b.child desc limit 1
    ) as part on true
    on conflict on constraint timeseries_source_extent_pkey do update
    set first_at = excluded.first_at, last_at = excluded.last_at, row_estimate = excluded.row_estimate,
      partition_from = excluded.partition_from, partition_to = excluded.partition_to, read_at = excluded.read_at
    returning e.* into known;
  exception when lock_not_available then
    insert into silver.timeseries_source_extent as e (source_id, read_at) values (recent_extent.source_id, clock_timestamp())
    on conflict on constraint timeseries_source_extent_pkey do update set read_at = excluded.read_at
    returning e.* into known;
  end;
  return known;
end
$$;
