-- silver.sync_rollup(target_table_name, fill_from, exclude): brings a rollup in line with its source, after columns of that were added, dropped, renamed
-- or retyped, or a table was renamed; then the rollups declared on its target, in turn. Chunks fail until then rather than write what is wrong; a
-- column that was added stops nothing, and is kept from this call on. Chunks that failed meanwhile, dead ones too, have all their attempts again.
--   fill_from  added columns are filled from here on; null: from the rollup's start on, where it is not frozen. The source is looked through from there
--              to find the buckets that hold a value, and only those are computed again
--   exclude    columns of the source to leave out from now on
-- Returns a row for every column of a target that changed; no row where only the stored statements did.
--   change       added, retyped, renamed, may be null, retired (gone from the source: rows keep what they have), or kept again
--   column_name  the column of the target
--   detail       what that means for it, and from when it is filled
-- A renamed time column is followed for every rollup of that source; nothing can be written to the source until then, so rename it and call this in
-- one transaction.
-- Errors: 42P01 no such table; 22023 not a target; 55000 a dimension or the time column is gone or is another type, so that no row can be placed, a value
-- cannot become the new type, or the rollup it was declared on is to be synchronized first; 42703 exclude names no column; 2BP01 something depends on a live view that must change;
-- 55P03 a chunk runs, or a table is busy, for longer than five seconds. All or nothing.
-- Locks: silver.lock_source, the rollup's chunks and progress; ACCESS EXCLUSIVE on the target when a column changes.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.sync_rollup(target_table_name text, fill_from timestamptz default null, exclude text[] default '{}')
returns table (target_table regclass, change text, column_name text, detail text)
language plpgsql
set lock_timeout = '5s'
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
declare
  r silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
  stale text;
begin
  perform silver.check_instant('fill_from', fill_from, r.start_from);
  if exists (select from unnest(exclude) e where e is null) then
    raise exception 'exclude: a column name is null' using errcode = '22004', hint = 'Leave it out.';
  end if;
  select p.target_table::text into stale
  from silver.timeseries_rollup_config p join silver.timeseries_rollup_statement s on s.rollup_id = p.rollup_id
  where p.target_table = r.source_table and s.shape <> silver.shape_of(p.rollup_id);
  if stale is not null then
    raise exception '%, on which % is declared, is to be synchronized first', stale, r.target_table
      using errcode = '55000', hint = format('SELECT * FROM silver.sync_rollup(%L); does both.', stale);
  end if;
  return query select * from silver.sync_hierarchy(r.rollup_id, fill_from, exclude);
  perform pg_notify('silver_wake', '');
end
$$;
