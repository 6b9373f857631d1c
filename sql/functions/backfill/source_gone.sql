-- silver.source_gone(rollup_id, ranges): where, within these ranges, the rows of a raw source are gone that the target was computed from: the buckets of partitions
-- seen to leave it (silver.kept_buckets), and covered buckets up to the one with the source's first row, if the target holds rows before that
-- one, which partitions that left unseen explain. Deletes that were seen have removed their rows from the target too. Empty for a derived source.
-- Stable; reads the source's smallest instant; locks ACCESS SHARE on source and target.
create or replace function silver.source_gone(rollup_id integer, ranges tstzmultirange)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  first_at timestamptz;
  has_rows boolean;
  before tstzmultirange;
  left_it tstzmultirange;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = source_gone.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  if src.kind = 'derived' then
    return '{}';
  end if;
  left_it := ranges * silver.kept_buckets(r.rollup_id);
  select e.first_at into first_at from silver.source_extent(src.source_id) e;
  if first_at is null then
    execute format('select exists (select from %s)', src.source_table) into has_rows;
    if has_rows then
      return left_it;
    end if;
    first_at := 'infinity';
  end if;
  select ranges * q.covered * tstzmultirange(tstzrange(null, case when isfinite(first_at) then
      silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, first_at) end))
  into before from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
  before := silver.target_holds(r.rollup_id, before);
  if isempty(before) or not isfinite(first_at) then
    return left_it + before;
  end if;
  return left_it + before + ranges * (
    select q.covered from silver.timeseries_progress q where q.rollup_id = r.rollup_id) * tstzmultirange(tstzrange(upper(before),
      silver.bucket_ceiling(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, first_at)));
end
$$;
