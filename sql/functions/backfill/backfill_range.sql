-- silver.backfill_range(rollup_id, from_time, to_time): the range of a backfill: from_time null: from the source's first row on; to_time null: to what has fallen due.
-- Errors: 22023 a range that is empty or infinite, or one without from_time where the source's first row is not known.
-- Stable; locks ACCESS SHARE on the source.
create or replace function silver.backfill_range(rollup_id integer, from_time timestamptz, to_time timestamptz)
returns tstzrange
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  lo timestamptz := from_time;
  hi timestamptz := coalesce(to_time, silver.fed_until(rollup_id));
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = backfill_range.rollup_id;
  if lo is null then
    select e.first_at into lo from silver.source_extent(r.source_id) e;
    if lo is null then
      raise exception 'from_time: the first row of what % reads is not known', r.target_table using errcode = '22023',
        hint = 'Pass from_time; or ANALYZE the source, if it has rows and no index on its time.';
    end if;
  end if;
  if not (isfinite(lo) and isfinite(hi)) then
    raise exception 'from_time, to_time: a backfill begins and ends; % to % does not', lo, hi
      using errcode = '22023', hint = 'Leave from_time out to begin with the source''s first row, to_time to end with what has fallen due.';
  end if;
  if lo >= hi then
    raise exception 'from_time, to_time: the range from % to % is empty', lo, hi
      using errcode = '22023', hint = 'to_time is exclusive and later than from_time; what has not fallen due yet needs no backfill.';
  end if;
  return tstzrange(lo, hi);
end
$$;
