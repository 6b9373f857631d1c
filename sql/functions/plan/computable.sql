-- silver.computable(rollup_id): the set of time whose buckets may be computed now, in whole buckets.
-- Raw source: up to what has fallen due, the source's horizon, and the first range whose writers are still awaited.
-- Derived source: where the parent is covered and has no work of its own left; outside what the parent is to cover
-- nothing will come, so that counts as covered. Stable; takes no locks.
create or replace function silver.computable(rollup_id integer)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  awaited timestamptz;
  ready tstzmultirange;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = computable.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  ready := tstzmultirange(tstzrange(null, silver.due_until(r.rollup_id)));
  case src.kind
    when 'raw' then
      select min(coalesce(lower(d.range), '-infinity')) into awaited from silver.timeseries_drain d
      where d.source_id = src.source_id and not d.provisional;
      ready := ready * tstzmultirange(tstzrange(null, least(src.horizon, awaited)));
    when 'derived' then
      select ready * ((p.covered - p.dirty - silver.in_flight(p.rollup_id)) + ('{(,)}' - p.wanted)) into ready
      from silver.timeseries_progress p
      join silver.timeseries_rollup_config parent on parent.rollup_id = p.rollup_id
      where parent.target_table = src.source_table;
    else
      null;
  end case;
  return silver.narrow_to_buckets(ready, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
end
$$;
