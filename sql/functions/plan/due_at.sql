-- silver.due_at(rollup_id, bucket_end): when the bucket that ends then falls due: safety_buffer after its end, and, for a rollup of a rollup, not before the
-- last of the parent's buckets within it, up to the root: a child is not late while its parent waits for its own buffer. Stable; takes no locks.
create or replace function silver.due_at(rollup_id integer, bucket_end timestamptz)
returns timestamptz
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
begin
  return (
    select greatest(due_at.bucket_end + r.safety_buffer, (
      select silver.due_at(parent.rollup_id, silver.bucket_ceiling(
        parent.rollup_table_interval, parent.bucket_time_zone, parent.bucket_origin, due_at.bucket_end))
      from silver.timeseries_tracked_source s
      join silver.timeseries_rollup_config parent on parent.target_table = s.source_table
      where s.source_id = r.source_id and s.kind = 'derived'))
    from silver.timeseries_rollup_config r where r.rollup_id = due_at.rollup_id);
end
$$;
