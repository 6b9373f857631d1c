-- silver.groups_cost(rollup_id, lo, hi, starts, froms, tos, keys): the planner's cost of computing groups by themselves: finding the rows of each by
-- itself, or reading the extent of all and picking them; whichever is less, and which. Up to five groups are asked about one by one; an aggregate of a
-- row counts 0.0025, as an operator does, which the planner, who expects next to no rows, leaves out; finding a stored row 5, and the planning 300, as in
-- silver.ranges_cost. Reading an extent costs at least 0.02 for each row that the rollup's averages expect there, for what has just been filled has no
-- statistics.
-- Locks: those of planning the statements.
create or replace function silver.groups_cost(
  rollup_id integer, lo timestamptz, hi timestamptz, starts timestamptz[], froms timestamptz[], tos timestamptz[], keys jsonb[],
  out cost double precision, out in_scan boolean)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  st silver.timeseries_rollup_statement;
  number constant integer := cardinality(froms);
  columns integer;
  one record;
  plan json;
  asked integer := 0;
  finding double precision := 0;
  found double precision := 0;
  scanning double precision;
  r silver.timeseries_rollup_config;
  per_bucket double precision;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = groups_cost.rollup_id;
  per_bucket := coalesce(r.avg_rows / nullif(r.avg_buckets, 0), 0);
  select * into strict st from silver.timeseries_rollup_statement s where s.rollup_id = groups_cost.rollup_id;
  select count(*) into columns from silver.timeseries_rollup_column c where c.rollup_id = groups_cost.rollup_id;
  for one in
    select froms[i] as f, tos[i] as t, keys[i] as k
    from (select distinct 1 + x * (number - 1) / 4 as i from generate_series(0, 4) as x) as chosen order by i
  loop
    execute 'explain (format json) ' || st.group_rows into plan using one.f, one.t, null::timestamptz[], one.k;
    finding := finding + (plan -> 0 -> 'Plan' ->> 'Total Cost')::double precision;
    found := found + (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision;
    asked := asked + 1;
  end loop;
  cost := number * (finding / asked);
  scanning := greatest(silver.statement_cost(st.groups_in_scan, lo, hi, starts, froms, tos, keys),
    0.02 * per_bucket * (silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, hi)
      - silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, lo)));
  in_scan := scanning < cost + 5 * number;
  cost := least(cost, scanning) + 300 + number * (5 + found / asked * columns * 0.0025);
end
$$;
