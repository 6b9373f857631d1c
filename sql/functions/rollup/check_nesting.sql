-- silver.check_nesting(parent_id, width, zone, origin): refuses buckets that would cut through the parent's. Every boundary
-- from 1970 to 2070 is compared (at most 5,000 of them), because a day in one zone is whole hours of another only where
-- their offsets differ by whole hours. Errors: 22023, naming the first boundary that does not fit. Stable; takes no locks.
create or replace function silver.check_nesting(parent_id integer, width interval, zone text, origin timestamptz)
returns void
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  parent silver.timeseries_rollup_config;
  first_index bigint := silver.bucket_index(width, zone, origin, '1970-01-01 00:00Z');
  last_index bigint := silver.bucket_index(width, zone, origin, '2070-01-01 00:00Z');
  step bigint;
  boundary timestamptz;
begin
  select * into strict parent from silver.timeseries_rollup_config r where r.rollup_id = parent_id;
  step := greatest(1, (last_index - first_index) / 5000);
  select b into boundary
  from (
    select silver.bucket_start(width, zone, origin, i) as b from generate_series(first_index, last_index, step) as i
    union all
    select silver.bucket_start(width, zone, origin, i) from generate_series(first_index, first_index + 100) as i
  ) as boundaries
  where silver.bucket_floor(parent.rollup_table_interval, parent.bucket_time_zone, parent.bucket_origin, b) <> b
  order by b limit 1;
  if found then
    raise exception 'rollup_table_interval: buckets of % in % are not whole buckets of the parent % (% in %): one begins at %',
      width, zone, parent.target_table, parent.rollup_table_interval, parent.bucket_time_zone, boundary
      using errcode = '22023', hint = 'Choose a multiple of the parent''s interval in a matching zone, or roll up the raw source.';
  end if;
end
$$;
