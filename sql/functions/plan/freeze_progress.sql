-- silver.freeze_progress(source_id): moves frozen_until of the source's rollups that have a freeze_after, never past what is dirty or in
-- flight: a bucket is frozen when it is right. Called after the log was consumed, so no change that was committed before is lost.
-- The caller holds the progress rows.
create or replace function silver.freeze_progress(source_id integer)
returns void
language sql volatile strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
  update silver.timeseries_progress p
  set frozen_until = f.until
  from (
    select r.rollup_id, least(
      silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, now() - r.freeze_after),
      lower(q.dirty + silver.in_flight(r.rollup_id))) as until
    from silver.timeseries_rollup_config r
    join silver.timeseries_progress q on q.rollup_id = r.rollup_id
    where r.source_id = freeze_progress.source_id and r.freeze_after is not null
  ) as f
  where p.rollup_id = f.rollup_id and f.until > p.frozen_until
$$;
