-- silver.lock_progress(source_id): locks the progress rows of every rollup of the source, paused ones too, in id order, waiting for
-- the workers that are just committing. The log of a source may only be consumed under all of them: a skipped rollup
-- would lose its share. Returns their number. Locks: those rows, FOR UPDATE.
create or replace function silver.lock_progress(source_id integer)
returns bigint
language sql volatile strict
set search_path = pg_catalog, pg_temp
as $$
  with locked as (
    select p.rollup_id
    from silver.timeseries_progress p
    where p.rollup_id in (
      select r.rollup_id from silver.timeseries_rollup_config r where r.source_id = lock_progress.source_id)
    order by p.rollup_id
    for update
  )
  select count(*) from locked
$$;
