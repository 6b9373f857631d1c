-- silver.backfill_rows(rollup_id, ranges): about how many source rows these ranges hold: by PostgreSQL's own estimate for a query over them; for a derived source whose
-- rows are yet to come, by the average of the rollup's chunks where there is one. Null when nothing is known.
-- Volatile, for EXPLAIN has to be; plans up to 100 ranges, beyond them their span; reads no row; locks ACCESS SHARE on the source.
create or replace function silver.backfill_rows(rollup_id integer, ranges tstzmultirange)
returns double precision
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  range tstzrange;
  explained json;
  estimate double precision := 0;
  present tstzmultirange := ranges;
  absent tstzmultirange := '{}';
begin
  if isempty(ranges) then
    return 0;
  end if;
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = backfill_rows.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  if src.kind = 'derived' then
    select ranges * q.covered, ranges - q.covered into strict present, absent
    from silver.timeseries_rollup_config c join silver.timeseries_progress q on q.rollup_id = c.rollup_id
    where c.target_table = src.source_table;
  end if;
  if (select count(*) from unnest(present)) > 100 then
    present := tstzmultirange(range_merge(present));
  end if;
  for range in select unnest(present) loop
    execute format('explain (format json) select from %s s where %s', src.source_table,
      silver.source_predicate(r.rollup_id, quote_literal(coalesce(lower(range), '-infinity')) || '::timestamptz',
        quote_literal(coalesce(upper(range), 'infinity')) || '::timestamptz')) into explained;
    estimate := estimate + (explained -> 0 -> 'Plan' ->> 'Plan Rows')::double precision;
  end loop;
  if not isempty(absent) then
    estimate := estimate + r.avg_rows / r.avg_buckets * (
      select sum(upper(n) - lower(n)) from unnest(silver.bucket_numbers(
        silver.widen_to_buckets(absent, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin),
        r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n);
  end if;
  return estimate;
end
$$;
