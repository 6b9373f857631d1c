-- silver.kept_buckets(rollup_id): the covered buckets that are final because their source is partly gone, as the partition tree is now
-- (silver.kept_after). Nothing computes them again but silver.invalidate with force. Stable, in the caller's snapshot; takes no locks.
create or replace function silver.kept_buckets(rollup_id integer)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select silver.kept_after(r.rollup_id, c.joined, c.departed)
    from silver.timeseries_rollup_config r cross join lateral silver.changed_members(r.source_id) c
    where r.rollup_id = kept_buckets.rollup_id);
end
$$;
